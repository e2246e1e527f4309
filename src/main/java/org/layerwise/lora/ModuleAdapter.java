package org.layerwise.lora;

import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.tensor.Tensor;

/** Trained part of one linear module. */
sealed interface ModuleAdapter extends LinearAdapter permits LoraAdapter, DoraAdapter {

    /** Returns this adapter with dropout on its input. */
    ModuleAdapter withDropout(double probability);

    /** Returns the low-rank product with its scale, bias and dropout. */
    LoraAdapter lora();

    /**
     * Returns the weight of a linear map that computes the same result without an adapter.
     *
     * @param weight weight of the base model, {@code [out, in]}, float32
     */
    Tensor merged(Tensor weight);
}
