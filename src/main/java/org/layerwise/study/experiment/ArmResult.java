package org.layerwise.study.experiment;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;

/**
 * What came of an arm.
 *
 * @param rate that was chosen
 * @param tried rates of the sweep with what they came to on the validation rows, ascending; empty where there was no sweep
 * @param runs in the order of their seeds; those that broke are left out
 * @param values of the metric, a run each
 * @param interval that holds the mean with 95 % confidence; null where the metric cannot be told of single rows
 * @param difference from all layers; null for all layers themselves, and where they were not run
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
     * How much better or worse than all layers.
     *
     * @param value mean over the seeds that both have
     * @param seeds how many these are
     * @param interval with 95 % confidence; null where the metric cannot be told of single rows
     */
    record Difference(double value, int seeds, @Nullable Interval interval) {

        /** Whether the interval says that there is one. */
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

    /** The sample standard deviation over the seeds; NaN for fewer than two. */
    double spread() {
        return Statistics.spread(values);
    }

    /** The median over the runs of something in their summaries. */
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
     * The median over the seeds that both have of how something compares with another arm; NaN where it is not known. Runs of
     * a seed are neighbours in time, so that a machine that is busy for a while slows both down.
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
