package org.layerwise.lora;

import java.util.Optional;
import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.tensor.Tensor;

/** Trained part of one linear module. */
sealed interface ModuleAdapter extends LinearAdapter permits LoraAdapter, DoraAdapter, MissAdapter {

    /** Returns this adapter with dropout on its input. */
    ModuleAdapter withDropout(double probability);

    /** Returns the trained A and B with their scale, bias and dropout; empty for an adapter without A. */
    Optional<LoraAdapter> product();

    /**
     * Returns the weight of a linear map that computes the same result without an adapter.
     *
     * @param weight weight of the base model, {@code [out, in]}, float32
     */
    Tensor merged(Tensor weight);
}
