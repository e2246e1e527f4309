package org.layerwise.study.experiment;

import java.util.List;
import java.util.Map;
import org.layerwise.settings.BestMetric;
import org.layerwise.study.experiment.statistics.PairedDifference;
import org.layerwise.study.experiment.statistics.StoppingRule;

/**
 * Look at the arms of an experiment after half of the planned seeds, at which those stop that are certainly worse than
 * all layers.
 *
 * @param rule rule by which they stop
 * @param metric metric by which arms are compared
 * @param seed seed of the draws of the intervals
 */
record EarlyLook(StoppingRule rule, BestMetric metric, long seed) {

    /**
     * Returns the arms that stop.
     *
     * @param runs final runs of each arm with the seeds before the look, in the order of their seeds
     */
    List<Arm> stopped(Map<Arm, List<FinalRun>> runs) {
        Map<Arm, PairedDifference> differences = new Comparisons(metric, seed).fromAll(runs);
        List<Arm> arms = List.copyOf(differences.keySet());
        return rule.stopped(List.copyOf(differences.values()), metric.lessIsBetter(), seed).stream()
                .map(arms::get)
                .toList();
    }
}
