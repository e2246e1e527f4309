package org.layerwise.model.layer;

import org.layerwise.tensor.Tensor;

/** What is added to a frozen linear map to fine-tune it, for example LoRA. */
@FunctionalInterface
public interface LinearAdapter {

    /**
     * The adapted output.
     *
     * @param x the map's input {@code [..., in]}
     * @param y its output {@code [..., out]}
     */
    Tensor apply(Tensor x, Tensor y);
}
