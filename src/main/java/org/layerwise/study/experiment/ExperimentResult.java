package org.layerwise.study.experiment;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.study.BestMetric;
import org.layerwise.study.TrainingSummary;

/**
 * What came of an experiment.
 *
 * @param model as people call it
 * @param task what was learnt
 * @param layers M, the model's number of layers
 * @param selected what the analysis proposes; null where that arm was not asked for
 * @param metric that arms are compared by
 * @param rows where it was measured
 * @param sweep runs that chose the learning rates
 * @param arms in the order of the settings
 * @param broken runs that did not come to their end, with the reason
 * @param environment what it was computed with, by name
 * @param remarks of the analysis
 */
public record ExperimentResult(
        ExperimentSettings settings,
        String model,
        String task,
        int layers,
        @Nullable SortedSet<Integer> selected,
        BestMetric metric,
        MeasuredRows rows,
        Map<Cell, TrainingSummary> sweep,
        List<ArmResult> arms,
        Map<Cell, String> broken,
        Map<String, String> environment,
        List<String> remarks) {

    /**
     * The rows that the metric is told of.
     *
     * @param test whether they are test rows, which nothing was chosen by
     * @param training how many rows were trained on
     */
    public record MeasuredRows(String location, boolean test, int count, int training) {

        /** {@code test} or {@code validation}. */
        public String words() {
            return test ? "test" : "validation";
        }
    }

    /** The arm of that name, if it was asked for. */
    Optional<ArmResult> arm(Arm arm) {
        return arms.stream().filter(result -> result.arm() == arm).findFirst();
    }
}
