package org.layerwise.analysis.inputs;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.tensor.Tensor;

/**
 * Passes the inputs of a linear map on.
 *
 * @param inner adapter of the map; null for none
 * @param heard receives the name of the map and an input, which is freed after the computation of the layer
 */
record InputListener(@Nullable LinearAdapter inner, BiConsumer<Linear, Tensor> heard) implements LinearAdapter {
    @Override
    public Tensor apply(Linear map, Tensor x, Tensor y) {
        heard.accept(map, x);
        return inner == null ? y : inner.apply(map, x, y);
    }
}
