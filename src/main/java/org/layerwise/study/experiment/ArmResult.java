package org.layerwise.study.experiment;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.Statistics;

/**
 * Result of an arm.
 *
 * @param arm arm of the experiment
 * @param rate learning rate that was chosen
 * @param tried learning rates of the sweep with their results on the validation rows, ascending; empty if there was no
 *     sweep
 * @param runs final runs in the order of their seeds, without those that failed
 * @param values values of the metric, one per run
 * @param interval 95 % confidence interval of the mean; null if the metric cannot be computed from the predictions of
 *     single rows, is NaN in a run, or has no value in too many draws
 * @param difference difference from all layers; null for the arm of all layers, and if that arm was not run
 */
record ArmResult(
        Arm arm,
        double rate,
        List<Sweep.Tried> tried,
        List<FinalRun> runs,
        List<Double> values,
        @Nullable Interval interval,
        @Nullable Difference difference) {

    /**
     * Difference of an arm's metric from that of all layers.
     *
     * @param value mean over the seeds that both arms have
     * @param seeds number of these seeds
     * @param interval 95 % confidence interval; null if the metric cannot be computed from the predictions of single
     *     rows, is NaN in a run, or has no value in too many draws
     */
    record Difference(double value, int seeds, @Nullable Interval interval) {

        /** Returns true if the interval excludes 0. */
        boolean shown() {
            return interval != null && (interval.low() > 0 || interval.high() < 0);
        }
    }

    ArmResult {
        tried = List.copyOf(tried);
        runs = List.copyOf(runs);
        values = List.copyOf(values);
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
