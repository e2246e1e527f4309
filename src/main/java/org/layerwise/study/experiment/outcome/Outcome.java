package org.layerwise.study.experiment.outcome;

import java.util.List;
import org.layerwise.settings.BestMetric;

/**
 * Outcome of an experiment: of all its final runs, or of those so far.
 *
 * @param metric metric by which arms are compared
 * @param rows {@code test} or {@code validation}, on which the metric was measured
 * @param arms outcomes of the arms, in the order of the settings
 * @param ended true if all runs have ended, and the arms were compared
 * @param conclusion sentences on what the experiment decides; empty while it runs
 */
public record Outcome(BestMetric metric, String rows, List<ArmOutcome> arms, boolean ended, List<String> conclusion) {

    /** Confidence of intervals unless arms may have stopped early. */
    public static final double LEVEL = 0.95;

    public Outcome {
        arms = List.copyOf(arms);
        conclusion = List.copyOf(conclusion);
    }

    /** Returns this outcome with a conclusion. */
    public Outcome with(List<String> sentences) {
        return new Outcome(metric, rows, arms, ended, sentences);
    }

    /** Returns this outcome without the arms that have no run. */
    public Outcome begun() {
        return new Outcome(
                metric, rows, arms.stream().filter(arm -> arm.runs() > 0).toList(), ended, conclusion);
    }

    /** Returns the confidence of the simultaneous intervals of differences. */
    public double level() {
        return arms.stream()
                .flatMap(ArmOutcome::differences)
                .findFirst()
                .map(ArmOutcome.Difference::level)
                .orElse(LEVEL);
    }
}
