package org.layerwise.chart;

import java.util.OptionalInt;
import java.util.SortedSet;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.entity.CategoryItemEntity;
import org.jfree.chart.entity.CategoryLabelEntity;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.selection.Locks;

/**
 * Layers as horizontal bars, the most important one at the top, those without importance hatched at the end. Selected
 * layers have the accent colour, layers locked as always selected a padlock, layers locked as never selected a barred
 * circle. Where they are known: an interval on each bar, the level of unrelated data, and how often the layer is selected
 * when examples are drawn anew. The chart is live: selection and mark change without being built again.
 *
 * <p>Not safe for use by several threads.
 */
public final class RankingChart {

    /** How much of a row is not bar. */
    static final double GAP_OF_ROW = 0.3;

    private static final String SERIES = "importance";
    private static final double TICK_DISTANCE = 44;
    private static final int WIDTH = 520;
    private static final int MARGINS = 70;
    private static final int LEGEND = 28;
    private static final int ROW_UP_TO_24_LAYERS = 24;
    private static final int ROW_ABOVE = 17;
    private static final int MANY_LAYERS = 24;

    private final RankingState state;
    private final RankingAxis names;
    private final RoundAxis values;
    private final RankingPlot plot;
    private final JFreeChart chart;
    private final Legend legend;

    /** The key of a bar. */
    public record Layer(int index) implements Comparable<Layer> {

        @Override
        public int compareTo(Layer other) {
            return Integer.compare(index, other.index);
        }

        /** The name that people see. */
        @Override
        public String toString() {
            return "Layer " + index;
        }
    }

    /**
     * A ranking without intervals in which nothing is selected.
     *
     * @param measure its name on an axis, for people, for example {@code CKA}
     */
    public RankingChart(LayerImportance importance, String measure, ChartStyle style) {
        this(new ImportanceData(measure, importance, null, null), style);
    }

    /** A ranking in which nothing is selected, with what is known of its certainty. */
    public RankingChart(ImportanceData data, ChartStyle style) {
        state = new RankingState(data, style);
        names = new RankingAxis(state);
        values = RoundAxis.ofNumbers("Importance (%s)".formatted(data.quantity()));
        RankingRenderer renderer = new RankingRenderer(state, names);
        DefaultCategoryDataset dataset = new DefaultCategoryDataset();
        for (Layer layer : state.order()) {
            // a plot whose values are all null draws nothing, not even what is undefined
            double value = state.importance(layer).orElse(Double.NaN);
            dataset.addValue(value, SERIES, layer);
        }
        plot = new RankingPlot(dataset, state, names, values, renderer);
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
        plot.setRangeGridlinesVisible(true);
        plot.setInsets(style.insets(0, 0, 0, 0));
        plot.setAxisOffset(style.insets(0, 0, 0, 0));
        chart = new JFreeChart(null, style.titles(), plot, false);
        legend = new Legend(new RankingMarks(state)::legend);
        if (state.anyInterval() || state.anyProbability() || state.unrelated().getCount() > 0) {
            legend.addTo(chart);
        }
        restyle(style);
    }

    /** The chart to show or to export; the same object as long as this one lives. */
    public JFreeChart chart() {
        return chart;
    }

    /** A size that suits a figure of a paper: higher for more layers. */
    public ChartSize exportSize() {
        int rows = state.order().size();
        return new ChartSize(WIDTH, margins() + rows * (rows <= MANY_LAYERS ? ROW_UP_TO_24_LAYERS : ROW_ABOVE));
    }

    /** The least height in which every bar has its name, in pixels at scale 1: what a window scrolls. */
    public int readableHeight() {
        return margins() + state.order().size() * ROW_ABOVE;
    }

    private int margins() {
        return MARGINS + (chart.getSubtitleCount() > 0 ? LEGEND : 0);
    }

    /** Shows what is selected and locked. Redraws once. */
    public void select(SortedSet<Integer> layers, Locks locks) {
        state.select(layers, locks);
        chart.fireChartChanged();
    }

    /** Marks the row of a layer; null marks nothing. */
    public void highlight(@Nullable Integer layer) {
        if (state.highlight(layer)) {
            chart.fireChartChanged();
        }
    }

    /** Changes the look; selection and mark stay. Redraws once. */
    public void restyle(ChartStyle style) {
        Redraw.once(chart, () -> {
            state.restyle(style);
            style.applyTo(chart);
            legend.restyle(style);
            style.applyTo(names);
            style.applyTo(values);
            values.setSpacing(style.scaled(TICK_DISTANCE));
            plot.setRangeGridlinePaint(style.theme().grid());
            plot.setRangeGridlineStroke(style.stroke(1));
        });
    }

    /** The layer that a bar or a name in this chart stands for, as a mouse event names it. */
    public static OptionalInt layerOf(@Nullable ChartEntity entity) {
        if (entity instanceof CategoryItemEntity item && item.getColumnKey() instanceof Layer layer) {
            return OptionalInt.of(layer.index());
        }
        if (entity instanceof CategoryLabelEntity label && label.getKey() instanceof Layer layer) {
            return OptionalInt.of(layer.index());
        }
        return OptionalInt.empty();
    }
}
