package org.layerwise.study.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.settings.BestMetric;
import org.layerwise.study.experiment.outcome.Outcome;
import org.layerwise.study.experiment.rules.Sweep;
import org.layerwise.study.experiment.statistics.DifferenceSpread;
import org.layerwise.study.experiment.statistics.JackknifeRows;
import org.layerwise.study.experiment.statistics.PairedDifference;
import org.layerwise.study.experiment.statistics.PairedPower;
import org.layerwise.study.experiment.statistics.SimultaneousIntervals;

/**
 * Computes means, intervals and differences of the arms. Differences are paired by seed; those from all layers are one
 * family of simultaneous intervals, those from random layers another one.
 *
 * @param metric metric to compare
 * @param seed seed of the draws of the intervals
 * @param level confidence of all intervals of a family together
 */
record Comparisons(BestMetric metric, long seed, double level) {

    /** Confidence of the intervals of means, each alone, and of families unless arms may have stopped early. */
    static final double LEVEL = Outcome.LEVEL;

    Comparisons(BestMetric metric, long seed) {
        this(metric, seed, LEVEL);
    }

    /** Returns the results of all arms. */
    List<ArmResult> arms(
            List<Arm> arms, Map<Arm, Double> chosen, Map<Arm, List<Sweep.Tried>> tried, Map<Arm, List<FinalRun>> runs) {
        Map<Arm, ArmValues> values = values(arms, runs);
        Map<Arm, ArmResult.Difference> fromAll = family(runs, values, Arm.ALL, arm -> !arm.equals(Arm.ALL));
        Map<Arm, ArmResult.Difference> fromRandom =
                family(runs, values, Arm.RANDOM, arm -> !arm.equals(Arm.RANDOM) && !arm.equals(Arm.ALL));
        return arms.stream()
                .map(arm -> {
                    List<FinalRun> own = runs.getOrDefault(arm, List.of());
                    return new ArmResult(
                            arm,
                            Objects.requireNonNull(chosen.get(arm)),
                            tried.getOrDefault(arm, List.of()),
                            own,
                            own.stream().map(this::value).toList(),
                            interval(own, Objects.requireNonNull(values.get(arm))),
                            fromAll.get(arm),
                            fromRandom.get(arm));
                })
                .toList();
    }

    /** Returns the differences of arms from all layers, of those that share a seed with these. */
    Map<Arm, PairedDifference> fromAll(Map<Arm, List<FinalRun>> runs) {
        return differences(values(List.copyOf(runs.keySet()), runs), Arm.ALL, arm -> !arm.equals(Arm.ALL));
    }

    private Map<Arm, ArmValues> values(List<Arm> arms, Map<Arm, List<FinalRun>> runs) {
        @Nullable JackknifeRows jackknife = jackknife(runs);
        Map<Arm, ArmValues> values = new LinkedHashMap<>();
        for (Arm arm : arms) {
            values.put(arm, values(runs.getOrDefault(arm, List.of()), jackknife));
        }
        return values;
    }

    private double value(FinalRun run) {
        return metric.of(run.measured());
    }

    private @Nullable JackknifeRows jackknife(Map<Arm, List<FinalRun>> runs) {
        return runs.values().stream()
                .flatMap(List::stream)
                .flatMap(run -> Stream.ofNullable(run.rows()))
                .findFirst()
                .map(rows -> new JackknifeRows(rows.rows(), seed))
                .orElse(null);
    }

    private ArmValues values(List<FinalRun> runs, @Nullable JackknifeRows jackknife) {
        Map<Long, Double> bySeed = new TreeMap<>();
        Map<Long, double[]> byRow = new TreeMap<>();
        for (FinalRun run : runs) {
            bySeed.put(run.cell().seed(), value(run));
            RowMetrics rows = run.rows();
            double @Nullable [] pseudo =
                    jackknife == null || rows == null ? null : jackknife.of(rows.metric(metric.name()));
            if (pseudo != null) {
                byRow.put(run.cell().seed(), pseudo);
            }
        }
        return new ArmValues(bySeed, !runs.isEmpty() && byRow.size() == bySeed.size() ? byRow : null);
    }

    private @Nullable Interval interval(List<FinalRun> runs, ArmValues values) {
        return runs.stream().anyMatch(run -> Double.isNaN(value(run)))
                ? null
                : values.mean().interval(LEVEL);
    }

    /** Compares arms with a baseline; without the baseline there is no difference. */
    private Map<Arm, ArmResult.Difference> family(
            Map<Arm, List<FinalRun>> runs, Map<Arm, ArmValues> values, Arm ofBaseline, Predicate<Arm> compared) {
        Map<Arm, PairedDifference> differences = differences(values, ofBaseline, compared);
        return results(List.copyOf(differences.keySet()), List.copyOf(differences.values()), measuredRows(runs));
    }

    private static Map<Arm, PairedDifference> differences(
            Map<Arm, ArmValues> values, Arm ofBaseline, Predicate<Arm> compared) {
        ArmValues baseline = values.get(ofBaseline);
        Map<Arm, PairedDifference> differences = new LinkedHashMap<>();
        if (baseline == null) {
            return differences;
        }
        Map<Arm, ArmValues> arms = new LinkedHashMap<>(values);
        arms.keySet().removeIf(arm -> !compared.test(arm));
        SortedSet<Long> seeds = ArmValues.seeds(List.copyOf(values.values()));
        boolean rows = baseline.byRow() != null
                && arms.values().stream().allMatch(arm -> arm.bySeed().isEmpty() || arm.byRow() != null);
        arms.forEach((arm, own) -> {
            if (own.bySeed().keySet().stream().anyMatch(baseline.bySeed()::containsKey)) {
                differences.put(
                        arm, isKnown(own, baseline) ? own.minus(baseline, seeds, rows) : PairedDifference.ofSeeds());
            }
        });
        return differences;
    }

    /** Returns false if a seed that both have has no value in one of them. */
    private static boolean isKnown(ArmValues arm, ArmValues baseline) {
        return arm.bySeed().keySet().stream()
                .filter(baseline.bySeed()::containsKey)
                .noneMatch(seed -> Double.isNaN(arm.value(seed) - baseline.value(seed)));
    }

    private static int measuredRows(Map<Arm, List<FinalRun>> runs) {
        return runs.values().stream()
                .flatMap(List::stream)
                .mapToInt(run -> run.measured().samples())
                .max()
                .orElse(1);
    }

    private Map<Arm, ArmResult.Difference> results(List<Arm> arms, List<PairedDifference> differences, int rows) {
        SimultaneousIntervals intervals = SimultaneousIntervals.of(differences, seed);
        double[] p = intervals.holm();
        Map<Arm, ArmResult.Difference> results = new LinkedHashMap<>();
        for (int i = 0; i < arms.size(); i++) {
            PairedDifference difference = differences.get(i);
            Interval interval = intervals.interval(i, level);
            DifferenceSpread spread = difference.spread(rows);
            results.put(
                    arms.get(i),
                    new ArmResult.Difference(
                            difference.mean(),
                            difference.seeds(),
                            interval,
                            level,
                            p[i],
                            difference.coverage(),
                            interval == null || spread == null
                                    ? Double.NaN
                                    : new PairedPower(intervals.size(), level, ArmResult.Difference.POWER)
                                            .smallestDifference(spread, difference.seeds(), rows)));
        }
        return results;
    }
}
