package org.layerwise.lora;

import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.tensor.Tensor;

/** What is trained of one linear module. */
sealed interface ModuleAdapter extends LinearAdapter permits LoraAdapter, DoraAdapter {

    /** The same with dropout on its input. */
    ModuleAdapter withDropout(double probability);

    /** Low rank and what belongs to it. */
    LoraAdapter lora();

    /**
     * The weight of a linear map that does the same without an adapter.
     *
     * @param weight of the base model, {@code [out, in]}, float32
     */
    Tensor merged(Tensor weight);
}
