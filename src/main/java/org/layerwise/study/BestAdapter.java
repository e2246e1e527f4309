package org.layerwise.study;

import java.util.Map;
import org.layerwise.lora.PeftAdapter.HostTensor;
import org.layerwise.training.Evaluation;

/**
 * The adapter of the best evaluation so far.
 *
 * @param step after which it was
 * @param weights everything that is trained, by name; empty if only the value counts
 */
record BestAdapter(int step, Evaluation evaluation, Map<String, HostTensor> weights) {

    BestAdapter {
        weights = Map.copyOf(weights);
    }
}
