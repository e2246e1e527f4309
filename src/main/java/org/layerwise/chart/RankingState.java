package org.layerwise.chart;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.selection.Locks;

/** What a ranking shows: the order is fixed, the rest changes with clicks. */
final class RankingState {

    private final LayerImportance importance;
    private final String measure;
    private final List<RankingChart.Layer> order;
    private SortedSet<Integer> selected = Collections.emptySortedSet();
    private Locks locks = Locks.none();
    private @Nullable Integer highlighted;
    private ChartStyle style;

    RankingState(LayerImportance importance, String measure, ChartStyle style) {
        this.importance = importance;
        this.measure = measure;
        this.style = style;
        List<RankingChart.Layer> layers = new ArrayList<>();
        importance.ranking(UndefinedLayers.EXCLUDE).forEach(layer -> layers.add(new RankingChart.Layer(layer)));
        IntStream.range(0, importance.layers())
                .filter(layer -> importance.of(layer).isEmpty())
                .forEach(layer -> layers.add(new RankingChart.Layer(layer)));
        this.order = List.copyOf(layers);
    }

    List<RankingChart.Layer> order() {
        return order;
    }

    int rowOf(RankingChart.Layer layer) {
        return order.indexOf(layer);
    }

    OptionalDouble importance(RankingChart.Layer layer) {
        return importance.of(layer.index());
    }

    double largestImportance() {
        return order.stream()
                .mapToDouble(layer -> importance(layer).orElse(0))
                .max()
                .orElse(0);
    }

    double smallestImportance() {
        return order.stream()
                .mapToDouble(layer -> importance(layer).orElse(0))
                .min()
                .orElse(0);
    }

    boolean anyLocked() {
        return !locks.always().isEmpty() || !locks.never().isEmpty();
    }

    boolean isSelected(RankingChart.Layer layer) {
        return selected.contains(layer.index());
    }

    boolean isAlways(RankingChart.Layer layer) {
        return locks.always().contains(layer.index());
    }

    boolean isNever(RankingChart.Layer layer) {
        return locks.never().contains(layer.index());
    }

    boolean isHighlighted(RankingChart.Layer layer) {
        return highlighted != null && highlighted == layer.index();
    }

    ChartStyle style() {
        return style;
    }

    void select(SortedSet<Integer> layers, Locks locked) {
        this.selected = Collections.unmodifiableSortedSet(new TreeSet<>(layers));
        this.locks = locked;
    }

    /** Whether that changed anything. */
    boolean highlight(@Nullable Integer layer) {
        boolean changed = layer == null ? highlighted != null : !layer.equals(highlighted);
        this.highlighted = layer;
        return changed;
    }

    void restyle(ChartStyle other) {
        this.style = other;
    }

    /** One line with the exact values. */
    String describe(RankingChart.Layer layer) {
        StringBuilder text = new StringBuilder(layer.toString()).append("   ");
        OptionalDouble value = importance(layer);
        if (value.isPresent()) {
            double similarity =
                    importance.similarity(layer.index()).asOptional().orElseThrow();
            text.append("importance %s (%s %s)".formatted(value.getAsDouble(), measure, similarity));
        } else {
            text.append("undefined: ").append(importance.reason(layer.index()).orElse(""));
        }
        if (isAlways(layer)) {
            text.append("   always selected");
        } else if (isNever(layer)) {
            text.append("   never selected");
        } else if (isSelected(layer)) {
            text.append("   selected");
        }
        return text.toString();
    }
}
