package org.layerwise.study.experiment.outcome;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.Statistics;

/**
 * Outcome of an arm: its final runs so far.
 *
 * @param id name of the arm in settings and files
 * @param words name for people
 * @param rate learning rate that was chosen; NaN if none is known yet
 * @param adapterParameters number of parameters in the adapters, the median over the runs; NaN without runs
 * @param trainableParameters number of trained parameters, likewise
 * @param secondsPerStep seconds of a step, likewise
 * @param peakMemoryBytes peak memory in bytes, likewise; 0 if unknown
 * @param values value of the metric by seed
 * @param mean mean of the metric over the seeds; NaN without runs
 * @param interval 95 % interval of the mean, of this arm alone; null if its spread is unknown
 * @param fromAll difference from all layers; null if there is none
 * @param fromRandom difference from random layers; null if there is none
 */
public record ArmOutcome(
        String id,
        String words,
        double rate,
        double adapterParameters,
        double trainableParameters,
        double secondsPerStep,
        double peakMemoryBytes,
        SortedMap<Long, Double> values,
        double mean,
        @Nullable Interval interval,
        @Nullable Difference fromAll,
        @Nullable Difference fromRandom) {

    /**
     * Difference of an arm from a baseline, paired by seed.
     *
     * @param value mean difference; NaN if unknown
     * @param interval simultaneous interval; null if its spread is unknown
     * @param level confidence of the intervals of all arms together
     */
    public record Difference(double value, @Nullable Interval interval, double level) {}

    public ArmOutcome {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** Returns the outcome of an arm without runs. */
    public static ArmOutcome none(String id, String words) {
        return new ArmOutcome(
                id,
                words,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                new TreeMap<>(),
                Double.NaN,
                null,
                null,
                null);
    }

    /** Returns the differences that are known. */
    Stream<Difference> differences() {
        return Stream.of(Optional.ofNullable(fromAll), Optional.ofNullable(fromRandom))
                .flatMap(Optional::stream);
    }

    /** Returns the number of final runs. */
    public int runs() {
        return values.size();
    }

    /** Returns the values in the order of their seeds. */
    public List<Double> inOrder() {
        return List.copyOf(values.values());
    }

    /** Returns the sample standard deviation of the metric over the seeds; NaN for fewer than two. */
    public double spread() {
        return Statistics.spread(inOrder());
    }
}
