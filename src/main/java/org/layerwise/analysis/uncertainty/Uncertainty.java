package org.layerwise.analysis.uncertainty;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What resampling the examples says of a ranking.
 *
 * @param replicates how often the examples were drawn anew
 * @param level of the intervals, 0.95
 * @param seed of the draws
 * @param kind of the intervals: how they were estimated, and what they cover
 * @param intervals of each layer's importance; null where it is undefined
 * @param selected the probability that the ratio selects each layer, 0 to 1
 * @param expectedOverlap mean share of the proposed layers that a replicate selects too, 0 to 1
 * @param curve the same for fewer examples, ascending
 */
public record Uncertainty(
        int replicates,
        double level,
        long seed,
        IntervalKind kind,
        List<@Nullable Interval> intervals,
        List<Double> selected,
        double expectedOverlap,
        List<OverlapAt> curve) {

    /**
     * The overlap of the selections from some of the examples with the selection from all of them.
     *
     * @param samples how many examples
     * @param overlap mean share of the proposed layers that are found again
     * @param low its 5 % quantile over the draws
     * @param high its 95 % quantile
     */
    public record OverlapAt(int samples, double overlap, double low, double high) {}

    public Uncertainty {
        selected = List.copyOf(selected);
        curve = List.copyOf(curve);
    }

    /** The interval of a layer's importance. */
    public Optional<Interval> interval(int layer) {
        return Optional.ofNullable(intervals.get(layer));
    }
}
