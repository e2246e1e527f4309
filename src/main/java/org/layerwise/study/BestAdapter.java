package org.layerwise.study;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.lora.PeftAdapter.HostTensor;
import org.layerwise.study.uncertainty.RowMetrics;
import org.layerwise.training.Evaluation;

/**
 * The adapter of the best evaluation so far.
 *
 * @param step after which it was
 * @param weights everything that is trained, by name; empty if only the value counts
 * @param rows the results of each row; null where they are not kept
 */
record BestAdapter(int step, Evaluation evaluation, Map<String, HostTensor> weights, @Nullable RowMetrics rows) {

    BestAdapter {
        weights = Map.copyOf(weights);
    }
}
