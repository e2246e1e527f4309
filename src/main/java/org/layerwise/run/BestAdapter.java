package org.layerwise.run;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.lora.PeftAdapter.HostTensor;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.training.Evaluation;

/**
 * Adapter of the best evaluation so far.
 *
 * @param step step after which the evaluation took place
 * @param weights everything that is trained, by name; empty if only the value is needed
 * @param rows results of each row; null if they are not kept
 */
record BestAdapter(int step, Evaluation evaluation, Map<String, HostTensor> weights, @Nullable RowMetrics rows) {

    BestAdapter {
        weights = Map.copyOf(weights);
    }
}
