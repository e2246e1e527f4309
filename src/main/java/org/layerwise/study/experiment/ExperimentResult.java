package org.layerwise.study.experiment;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.BestMetric;
import org.layerwise.study.experiment.outcome.Outcome;
import org.layerwise.study.experiment.rules.PlanStatus;

/**
 * Result of an experiment.
 *
 * @param settings settings of the experiment
 * @param model name of the model
 * @param task task that was trained
 * @param layers number of layers of the model, M
 * @param selected layers that the analysis proposes; null if that arm was not requested
 * @param metric metric by which arms are compared
 * @param rows rows on which the metric was measured
 * @param sweep runs that chose the learning rates
 * @param arms results of the arms, in the order of the settings
 * @param broken runs that failed, with the reason
 * @param environment software, hardware and inputs of the computation, by name
 * @param remarks remarks of the analysis
 * @param plan relation of the experiment to its plan
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
        List<String> remarks,
        PlanStatus plan) {

    /**
     * Rows on which the metric is reported.
     *
     * @param location file or task of the rows
     * @param test true for test rows, by which nothing was chosen
     * @param count number of rows
     * @param training number of training rows
     */
    public record MeasuredRows(String location, boolean test, int count, int training) {

        /** Returns {@code test} or {@code validation}. */
        public String words() {
            return test ? "test" : "validation";
        }
    }

    /** Returns the result of an arm; empty if the arm was not requested. */
    Optional<ArmResult> arm(Arm arm) {
        return arms.stream().filter(result -> result.arm().equals(arm)).findFirst();
    }

    /** Returns what this result has of every arm, without a conclusion. */
    public Outcome outcome() {
        return new Outcome(
                metric, rows.words(), arms.stream().map(ArmResult::outcome).toList(), true, List.of());
    }
}
