package org.layerwise.study.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.PairedBootstrap;
import org.layerwise.base.Statistics;
import org.layerwise.settings.BestMetric;

/**
 * Computes means, intervals and differences of the arms.
 *
 * @param metric metric to compare
 * @param seed seed of the bootstrap draws
 */
record Comparisons(BestMetric metric, long seed) {

    /** Number of bootstrap draws of rows and seeds. */
    static final int DRAWS = 2000;

    static final double LEVEL = 0.95;

    /**
     * Returns the result of an arm with its difference from all layers.
     *
     * @param runs final runs of the arm
     * @param all final runs of all layers; empty if there are none, or if this is that arm
     */
    ArmResult arm(Arm arm, double rate, List<Sweep.Tried> tried, List<FinalRun> runs, List<FinalRun> all) {
        List<Double> values =
                runs.stream().map(run -> metric.of(run.measured())).toList();
        return new ArmResult(arm, rate, tried, runs, values, interval(runs), difference(runs, all));
    }

    private @Nullable Interval interval(List<FinalRun> runs) {
        double[] replicates = replicates(runs);
        return replicates == null ? null : PairedBootstrap.interval(replicates, LEVEL);
    }

    private ArmResult.@Nullable Difference difference(List<FinalRun> runs, List<FinalRun> all) {
        List<FinalRun> mine = new ArrayList<>();
        List<FinalRun> theirs = new ArrayList<>();
        for (FinalRun run : runs) {
            all.stream()
                    .filter(other -> other.cell().seed() == run.cell().seed())
                    .findFirst()
                    .ifPresent(other -> {
                        mine.add(run);
                        theirs.add(other);
                    });
        }
        if (mine.isEmpty()) {
            return null;
        }
        double value = mean(mine) - mean(theirs);
        double[] ours = replicates(mine);
        double[] others = replicates(theirs);
        Interval interval = ours == null || others == null
                ? null
                : PairedBootstrap.interval(PairedBootstrap.differences(ours, others), LEVEL);
        return new ArmResult.Difference(value, mine.size(), interval);
    }

    private double mean(List<FinalRun> runs) {
        return Statistics.mean(
                runs.stream().map(run -> metric.of(run.measured())).toList());
    }

    private double @Nullable [] replicates(List<FinalRun> runs) {
        List<Predictions> predictions = runs.stream()
                .map(FinalRun::predictions)
                .filter(Objects::nonNull)
                .toList();
        if (runs.isEmpty()
                || predictions.size() < runs.size()
                || Double.isNaN(mean(runs)) // a draw of predictions would have a value that the runs have not
                || !predictions.get(0).canCompute(metric.name())) {
            return null;
        }
        return new PairedBootstrap(predictions.get(0).rows(), runs.size(), DRAWS, seed)
                .replicates((training, rows) -> predictions.get(training).metric(metric.name(), rows));
    }

    /** Returns the results of all arms. */
    List<ArmResult> arms(
            List<Arm> arms, Map<Arm, Double> chosen, Map<Arm, List<Sweep.Tried>> tried, Map<Arm, List<FinalRun>> runs) {
        List<FinalRun> all = runs.getOrDefault(Arm.ALL, List.of());
        return arms.stream()
                .map(arm -> arm(
                        arm,
                        Objects.requireNonNull(chosen.get(arm)),
                        tried.getOrDefault(arm, List.of()),
                        runs.getOrDefault(arm, List.of()),
                        arm.equals(Arm.ALL) ? List.of() : all))
                .toList();
    }
}
