package org.layerwise.model.layer;

import org.layerwise.tensor.Tensor;

/** Trainable addition to a frozen linear map, for example LoRA. */
@FunctionalInterface
public interface LinearAdapter {

    /**
     * Returns the adapted output.
     *
     * @param map the linear map, with the bias in force
     * @param x input of the map, {@code [..., in]}
     * @param y output of the map, {@code [..., out]}
     */
    Tensor apply(Linear map, Tensor x, Tensor y);
}
