package org.layerwise.study.experiment;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.settings.BestMetric;
import org.layerwise.study.experiment.statistics.StoppingRule;

/**
 * Look at the arms of an experiment after half of the planned seeds, at which those stop that are certainly worse than
 * all layers: their simultaneous interval at the level of {@link StoppingRule#EARLY_LEVEL} lies wholly on the worse side
 * of 0.
 *
 * @param metric metric by which arms are compared
 * @param seed seed of the draws of the intervals
 */
record EarlyLook(BestMetric metric, long seed) {

    /**
     * Returns the arms that stop.
     *
     * @param chosen learning rate of each arm
     * @param runs final runs of each arm with the seeds before the look, in the order of their seeds
     */
    List<Arm> stopped(Map<Arm, Double> chosen, Map<Arm, List<FinalRun>> runs) {
        List<Arm> arms = List.copyOf(runs.keySet());
        return new Comparisons(metric, seed, StoppingRule.EARLY_LEVEL)
                .arms(arms, chosen, Map.of(), runs).stream()
                        .filter(this::isWorse)
                        .map(ArmResult::arm)
                        .toList();
    }

    private boolean isWorse(ArmResult arm) {
        ArmResult.@Nullable Difference difference = arm.fromAll();
        if (difference == null || !difference.decided()) {
            return false;
        }
        Interval interval = difference.interval();
        return interval != null && (metric.lessIsBetter() ? interval.low() > 0 : interval.high() < 0);
    }
}
