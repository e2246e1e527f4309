package org.layerwise.chart.ranking;

import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.chart.style.ChartNumbers;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.selection.LayerKind;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.SelectionShares;

/** Content of a ranking. The order of the layers is fixed; selection, locks and mark can change. */
final class RankingState {

    private static final double MOST_OF_RANGE = 1.25;

    private ImportanceData data;
    private final LayerImportance importance;
    private final List<RankingChart.Layer> order;
    private final DoubleSummaryStatistics unrelated;
    private final double largestOfBars;
    private SortedSet<Integer> selected = Collections.emptySortedSet();
    private LayerLocks locks = LayerLocks.none();
    private @Nullable Integer highlighted;
    private ChartStyle style;

    RankingState(ImportanceData data, ChartStyle style) {
        this.data = data;
        this.importance = data.importance();
        this.style = style;
        List<RankingChart.Layer> layers = new ArrayList<>();
        importance.ranking(UndefinedLayers.EXCLUDE).forEach(layer -> layers.add(new RankingChart.Layer(layer)));
        IntStream.range(0, importance.layers())
                .filter(layer -> importance.of(layer).isEmpty())
                .forEach(layer -> layers.add(new RankingChart.Layer(layer)));
        this.order = List.copyOf(layers);
        this.unrelated = order.stream()
                .map(this::unrelated)
                .flatMapToDouble(OptionalDouble::stream)
                .summaryStatistics();
        this.largestOfBars = largestOfBars();
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

    Optional<Interval> interval(RankingChart.Layer layer) {
        return data.interval(layer.index());
    }

    OptionalDouble selectedProbability(RankingChart.Layer layer) {
        return data.selected(layer.index());
    }

    OptionalDouble unrelated(RankingChart.Layer layer) {
        return data.unrelated(layer.index());
    }

    /** Returns true if at least one bar has an interval, so that the legend explains intervals. */
    boolean anyInterval() {
        return order.stream().anyMatch(layer -> interval(layer).isPresent());
    }

    boolean anyProbability() {
        return order.stream().anyMatch(layer -> selectedProbability(layer).isPresent());
    }

    DoubleSummaryStatistics unrelated() {
        return unrelated;
    }

    /**
     * Returns true if the marks of unrelated data are drawn. Marks far beyond the longest bar are not drawn, because
     * they would shorten all bars too much.
     */
    boolean showsUnrelated() {
        return unrelated.getCount() > 0 && unrelated.getMax() <= MOST_OF_RANGE * largestOfBars;
    }

    /** Returns the largest value that is drawn. */
    double largest() {
        return showsUnrelated() ? Math.max(largestOfBars, unrelated.getMax()) : largestOfBars;
    }

    /** Returns the smallest value that is drawn, at most 0. */
    double smallest() {
        double smallest = showsUnrelated() ? Math.min(0, unrelated.getMin()) : 0;
        for (RankingChart.Layer layer : order) {
            smallest = Math.min(smallest, importance(layer).orElse(0));
            smallest = Math.min(smallest, interval(layer).map(Interval::low).orElse(0.0));
        }
        return smallest;
    }

    private double largestOfBars() {
        double largest = 0;
        for (RankingChart.Layer layer : order) {
            largest = Math.max(largest, importance(layer).orElse(0));
            largest = Math.max(largest, interval(layer).map(Interval::high).orElse(0.0));
        }
        return largest;
    }

    /** Returns the legend text for intervals; empty without intervals. */
    String intervalName() {
        return data.uncertainty() == null ? "" : IntervalLabels.name(data.uncertainty());
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

    void select(SortedSet<Integer> layers, LayerLocks locked) {
        this.selected = Collections.unmodifiableSortedSet(new TreeSet<>(layers));
        this.locks = locked;
    }

    void share(@Nullable SelectionShares shares) {
        this.data = data.with(shares);
    }

    /** Returns the rule that selects in every resample, after a comma; empty if it is not known. */
    String rule() {
        return data.rule().isEmpty() ? "" : ", by " + data.rule();
    }

    /** Sets the marked layer and returns true if it changed. */
    boolean highlight(@Nullable Integer layer) {
        boolean changed = layer == null ? highlighted != null : !layer.equals(highlighted);
        this.highlighted = layer;
        return changed;
    }

    void restyle(ChartStyle other) {
        this.style = other;
    }

    /** Returns the title of the axis with the names; null for layers, whose names say it. */
    @Nullable
    String title() {
        return data.names().isEmpty() ? null : "Layer · linear map";
    }

    /** Returns the name of a layer on the axis, with its kinds if layers differ: {@code Layer 3 · linear}; or that of a linear map. */
    String name(RankingChart.Layer layer) {
        if (!data.names().isEmpty()) {
            return data.names().get(layer.index());
        }
        String kinds = data.kinds().words(layer.index(), LayerKind::mark);
        return kinds.isEmpty() ? layer.toString() : layer + " · " + kinds;
    }

    /** Returns one line with the exact values of a layer. */
    String describe(RankingChart.Layer layer) {
        StringBuilder text =
                new StringBuilder(data.names().isEmpty() ? layer.toString() : "Layer " + name(layer)).append("   ");
        OptionalDouble value = importance(layer);
        if (value.isPresent() && importance.ofSimilarity()) {
            double similarity =
                    importance.similarity(layer.index()).asOptional().orElseThrow();
            text.append("importance %s (%s %s)".formatted(value.getAsDouble(), data.name(), similarity));
        } else if (value.isPresent()) {
            text.append("%s %s".formatted(data.name(), value.getAsDouble()));
        } else {
            text.append("undefined: ").append(importance.reason(layer.index()).orElse(""));
        }
        Uncertainty uncertainty = data.uncertainty();
        if (uncertainty != null) {
            interval(layer).ifPresent(range -> text.append("   ").append(IntervalLabels.of(uncertainty, range)));
        }
        selectedProbability(layer)
                .ifPresent(part ->
                        text.append("   selected in %s of resamples%s".formatted(ChartNumbers.percent(part), rule())));
        unrelated(layer).ifPresent(level -> text.append("   unrelated data %s".formatted(level)));
        String kinds = data.kinds().words(layer.index(), LayerKind::title);
        if (!kinds.isEmpty()) {
            text.append("   ").append(kinds);
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
