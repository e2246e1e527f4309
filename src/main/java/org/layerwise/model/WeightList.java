package org.layerwise.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.layerwise.base.UserException;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Writes down which tensors the parts of a model ask for and hands out blanks, one number seen in every place of the shape:
 * so what a model needs is known from the very code that builds it, and costs no memory.
 */
final class WeightList implements WeightSource {

    // far above any tensor, far below where counting overflows
    private static final long MOST_ELEMENTS = 1L << 48;

    /** A tensor that is asked for. */
    record Wanted(String name, DType type, List<Long> shape) {
        long elements() {
            return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
        }
    }

    private final TensorEngine engine;
    private final StoredNames stored;
    private final Map<String, Wanted> wanted = new LinkedHashMap<>();

    WeightList(TensorEngine engine, StoredNames stored) {
        this.engine = engine;
        this.stored = stored;
    }

    /** In the order in which they were asked for. */
    List<Wanted> wanted() {
        return new ArrayList<>(wanted.values());
    }

    @Override
    public boolean has(String name) {
        return stored.find(name).isPresent();
    }

    @Override
    public Tensor tensor(String name, DType type, long... shape) {
        wanted.putIfAbsent(
                name, new Wanted(name, type, Arrays.stream(shape).boxed().toList()));
        return blank(name, type, shape);
    }

    @Override
    public Tensor derived(String name, Supplier<Tensor> make, long... shape) {
        return blank("a derived tensor", DType.F32, shape);
    }

    private Tensor blank(String name, DType type, long... shape) {
        double elements = Arrays.stream(shape).asDoubleStream().reduce(1, (a, b) -> a * b);
        if (elements > MOST_ELEMENTS) {
            throw new UserException("%s asks for %s of the shape %s, which no file holds; mend it or download it again."
                    .formatted(stored.checkpoint().folder().resolve("config.json"), name, Arrays.toString(shape)));
        }
        long[] one = new long[shape.length];
        Arrays.fill(one, 1);
        return engine.zeros(type, Device.CPU, one).expand(shape);
    }
}
