package org.layerwise.analysis.uncertainty;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.json.Min;

/**
 * Uncertainty of a ranking, from resampling the examples.
 *
 * @param replicates number of resamples
 * @param level level of the intervals, 0.95
 * @param seed seed of the draws
 * @param kind kind of the intervals: their estimator and the value that they cover
 * @param intervals interval of each layer's importance; null if there is none, as where the importance is
 *     undefined, or undefined in more than 5 % of the draws
 * @param selected probability that the ratio selects each layer, 0 to 1
 * @param expectedOverlap mean share of the proposed layers that a replicate also selects, 0 to 1
 * @param curve overlap for fewer examples, in ascending order of their number
 * @param resamples importance in each resample; null if the uncertainty was read from a file, which does not have it
 */
public record Uncertainty(
        int replicates,
        double level,
        long seed,
        IntervalKind kind,
        List<@Nullable Interval> intervals,
        List<Double> selected,
        double expectedOverlap,
        List<OverlapAt> curve,
        @Nullable Resamples resamples) {

    /** Creates an uncertainty without the importance in each resample. */
    public Uncertainty(
            int replicates,
            double level,
            long seed,
            IntervalKind kind,
            List<@Nullable Interval> intervals,
            List<Double> selected,
            double expectedOverlap,
            List<OverlapAt> curve) {
        this(replicates, level, seed, kind, intervals, selected, expectedOverlap, curve, null);
    }

    /**
     * Overlap of the selections from some of the examples with the selection from all of them.
     *
     * @param samples number of examples
     * @param overlap mean share of the proposed layers that the draws also select
     * @param low 5 % quantile of the overlap over the draws
     * @param high 95 % quantile of the overlap over the draws
     */
    public record OverlapAt(@Min(0) int samples, double overlap, double low, double high) {}

    public Uncertainty {
        selected = List.copyOf(selected);
        curve = List.copyOf(curve);
    }

    /** Returns the interval of a layer's importance; empty if there is none. */
    public Optional<Interval> interval(int layer) {
        return Optional.ofNullable(intervals.get(layer));
    }
}
