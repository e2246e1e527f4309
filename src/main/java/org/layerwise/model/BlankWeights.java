package org.layerwise.model;

import java.nio.file.Path;
import java.util.Arrays;
import org.layerwise.base.UserException;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Placeholders for weights that are not read: each tensor is a view of a single number in the requested shape, so that
 * it costs no memory. The number is NaN, so that any computation with these weights shows NaN.
 *
 * @param asks file that states the shapes
 */
record BlankWeights(TensorEngine engine, Path asks) implements LoadedWeights.Supply {

    // far above the size of any tensor, far below the overflow of the count
    private static final long MOST_ELEMENTS = 1L << 48;

    @Override
    public boolean has(String name) {
        return false;
    }

    @Override
    public Tensor tensor(String name, DType type, long... shape) {
        double elements = Arrays.stream(shape).asDoubleStream().reduce(1, (a, b) -> a * b);
        if (elements > MOST_ELEMENTS) {
            throw new UserException("%s asks for %s of the shape %s, which no file holds; mend it or download it again."
                    .formatted(asks, name, Arrays.toString(shape)));
        }
        long[] one = new long[shape.length];
        Arrays.fill(one, 1);
        return engine.of(new float[] {Float.NaN}, one).to(Device.CPU).cast(type).expand(shape);
    }
}
