package org.layerwise.analysis.uncertainty;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.Statistics;

/**
 * Importance of each layer in each draw, and the layers that each draw would select.
 *
 * @param importance importance from all examples
 * @param values values of each draw
 */
record Replicates(LayerImportance importance, LayerStatistic.Drawn values, UndefinedLayers undefined, int selected) {

    /** Minimum share of defined values for an interval: with fewer, too much of its ends would be unknown. */
    private static final double LEAST_DEFINED = 0.95;

    /** Returns the layers that all examples together select. */
    Set<Integer> proposed() {
        return first(importance);
    }

    /** Returns the layers that a draw selects. A layer that is undefined in this draw alone comes last. */
    Set<Integer> selection(int draw) {
        return first(Resamples.importance(importance, values.measured(), draw));
    }

    /**
     * Returns the importance in the first draws.
     *
     * @param draws number of draws to use
     */
    Resamples resamples(int draws) {
        return new Resamples(importance, values.measured(), draws);
    }

    private Set<Integer> first(LayerImportance of) {
        return new TreeSet<>(of.ranking(undefined).stream().limit(selected).toList());
    }

    /**
     * Returns quantiles of the debiased importance over the first draws; null for a layer that is undefined for all
     * examples or in too many draws.
     *
     * @param draws number of draws to use
     * @param kind kind of the intervals; a {@link IntervalKind#DEBIASED} interval stays within 0 to 1, as the measure
     *     does
     */
    List<@Nullable Interval> intervals(int draws, double level, IntervalKind kind) {
        List<@Nullable Interval> intervals = new ArrayList<>();
        for (int layer = 0; layer < values.debiased().length; layer++) {
            double[] sorted = Arrays.stream(values.debiased()[layer], 0, draws)
                    .filter(Double::isFinite)
                    .map(value -> kind == IntervalKind.DEBIASED ? Math.min(1, Math.max(0, value)) : value)
                    .sorted()
                    .toArray();
            boolean known = importance.of(layer).isPresent() && sorted.length >= LEAST_DEFINED * draws;
            intervals.add(
                    known
                            ? new Interval(
                                    Statistics.quantile(sorted, (1 - level) / 2),
                                    Statistics.quantile(sorted, (1 + level) / 2))
                            : null);
        }
        return Collections.unmodifiableList(intervals);
    }
}
