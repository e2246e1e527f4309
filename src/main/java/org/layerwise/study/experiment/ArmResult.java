package org.layerwise.study.experiment;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.Statistics;
import org.layerwise.study.experiment.outcome.ArmOutcome;
import org.layerwise.study.experiment.rules.Sweep;
import org.layerwise.study.experiment.statistics.Coverage;

/**
 * Result of an arm.
 *
 * @param arm arm of the experiment
 * @param rate learning rate that was chosen
 * @param tried learning rates of the sweep with their results on the validation rows, ascending; empty if there was no
 *     sweep
 * @param runs final runs in the order of their seeds, without those that failed
 * @param values values of the metric, one per run
 * @param interval 95 % confidence interval of the mean, of this arm alone, over seeds and, where the metric can be
 *     computed from the predictions of single rows, over rows; null if its spread is unknown, or the metric is NaN in a
 *     run
 * @param fromAll difference from all layers; null for the arm of all layers, and if that arm was not run
 * @param fromRandom difference from random layers; null for random and all layers, and if no random layers were
 *     run
 */
record ArmResult(
        Arm arm,
        double rate,
        List<Sweep.Tried> tried,
        List<FinalRun> runs,
        List<Double> values,
        @Nullable Interval interval,
        @Nullable Difference fromAll,
        @Nullable Difference fromRandom) {

    /**
     * Difference of an arm's metric from that of a baseline.
     *
     * @param value mean over the seeds that both have; NaN if the metric is NaN in a run
     * @param seeds number of these seeds
     * @param interval simultaneous confidence interval; null if the spread is unknown
     * @param level confidence of the intervals of all arms together
     * @param p two-sided p-value of the t test, adjusted by Holm; NaN without an interval
     * @param coverage sources of variation that interval and p-value cover
     * @param smallest difference that these seeds and rows would show with a power of 80 %; NaN without an interval
     */
    record Difference(
            double value,
            int seeds,
            @Nullable Interval interval,
            double level,
            double p,
            Coverage coverage,
            double smallest) {

        /** Power of {@link #smallest}. */
        static final double POWER = 0.8;

        private ArmOutcome.Difference outcome() {
            return new ArmOutcome.Difference(value, interval, level);
        }

        /** Returns true if the interval covers other seeds and excludes 0. */
        boolean decided() {
            return coverage.seeds() && interval != null && (interval.low() > 0 || interval.high() < 0);
        }
    }

    ArmResult {
        tried = List.copyOf(tried);
        runs = List.copyOf(runs);
        values = List.copyOf(values);
    }

    /** Returns what this result has of every arm, also of one that still runs. */
    ArmOutcome outcome() {
        SortedMap<Long, Double> bySeed = new TreeMap<>();
        for (int i = 0; i < runs.size(); i++) {
            bySeed.put(runs.get(i).cell().seed(), values.get(i));
        }
        return new ArmOutcome(
                arm.id(),
                arm.words(),
                rate,
                adapterParameters(),
                trainableParameters(),
                secondsPerStep(),
                peakMemoryBytes(),
                bySeed,
                mean(),
                interval,
                fromAll == null ? null : fromAll.outcome(),
                fromRandom == null ? null : fromRandom.outcome());
    }

    double mean() {
        return Statistics.mean(values);
    }

    /** Returns the sample standard deviation of the metric over the seeds; NaN for fewer than two. */
    double spread() {
        return Statistics.spread(values);
    }

    /** Returns the median of a value over the runs. */
    double median(ToDoubleFunction<FinalRun> value) {
        return Statistics.median(runs.stream().map(value::applyAsDouble).toList());
    }

    double secondsPerStep() {
        return median(run -> run.summary().secondsPerStep());
    }

    double peakMemoryBytes() {
        return median(run -> run.summary().peakMemoryBytes());
    }

    double adapterParameters() {
        return median(run -> run.summary().adapterParameters());
    }

    double trainableParameters() {
        return median(run -> run.summary().trainableParameters());
    }

    /**
     * Returns the median ratio of a value to that of another arm, over the seeds that both arms have; NaN if no ratio
     * is known. Ratios are taken per seed since the runs of a seed follow each other, so that a machine that is busy
     * for a while slows down both.
     */
    double ratio(ArmResult to, ToDoubleFunction<FinalRun> value) {
        return Statistics.median(runs.stream()
                .flatMap(run -> to.runs().stream()
                        .filter(other -> other.cell().seed() == run.cell().seed())
                        .map(other -> value.applyAsDouble(run) / value.applyAsDouble(other)))
                .filter(ratio -> Double.isFinite(ratio) && ratio > 0)
                .toList());
    }
}
