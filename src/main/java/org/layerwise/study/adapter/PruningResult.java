package org.layerwise.study.adapter;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.settings.BestMetric;

/**
 * Result of removing the adapters of layers one by one.
 *
 * @param steps the whole adapter, then one step for each removed layer
 * @param metric metric by which steps are compared
 * @param samples number of rows
 * @param cutRows number of rows whose text was truncated
 * @param evaluations number of evaluations on these rows
 * @param kept step that was saved; null for none
 * @param remarks sentences that a reader of the result must know
 */
public record PruningResult(
        List<PruningStep> steps,
        BestMetric metric,
        int samples,
        int cutRows,
        int evaluations,
        @Nullable PruningStep kept,
        List<String> remarks) {

    public PruningResult {
        steps = List.copyOf(steps);
        remarks = List.copyOf(remarks);
    }
}
