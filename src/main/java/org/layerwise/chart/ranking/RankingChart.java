package org.layerwise.chart.ranking;

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
import org.layerwise.chart.axis.Legend;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.RedrawGroup;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.SelectionShares;

/**
 * Ranking of the layers as horizontal bars with the most important layer at the top. Layers without importance come
 * last and are hatched. Selected layers have the accent colour, layers locked as always selected have a padlock, and
 * layers locked as never selected have a barred circle. If known, the chart also shows an interval on each bar, the
 * level of unrelated data, and how often each layer is selected when the examples are resampled. The chart is live:
 * selection and mark can be changed without building a new chart.
 *
 * <p>Not safe for use by several threads.
 */
public final class RankingChart {

    /** Fraction of a row's height that is a gap between bars. */
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

    /** Key of a bar in the dataset: a layer, or a linear map by its position in {@link ImportanceData#names}. */
    public record Layer(int index) implements Comparable<Layer> {

        @Override
        public int compareTo(Layer other) {
            return Integer.compare(index, other.index);
        }

        /** Returns the name of the layer for display. */
        @Override
        public String toString() {
            return "Layer " + index;
        }
    }

    /** Creates a ranking with its known uncertainty, with no layer selected. */
    public RankingChart(ImportanceData data, ChartStyle style) {
        state = new RankingState(data, style);
        names = new RankingAxis(state);
        values = RoundAxis.ofNumbers("Importance (%s)".formatted(data.quantity()));
        RankingRenderer renderer = new RankingRenderer(state, names);
        DefaultCategoryDataset dataset = new DefaultCategoryDataset();
        for (Layer layer : state.order()) {
            // a plot whose values are all null draws nothing, not even the hatching of undefined layers
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

    /** Returns the chart to show or to export. Every call returns the same object. */
    public JFreeChart chart() {
        return chart;
    }

    /** Returns a size for a figure in a paper. More layers give a higher figure. */
    public ChartSize exportSize() {
        int rows = state.order().size();
        return new ChartSize(WIDTH, margins() + rows * (rows <= MANY_LAYERS ? ROW_UP_TO_24_LAYERS : ROW_ABOVE));
    }

    /**
     * Returns the minimum height at which every bar has its name, in pixels at scale 1. A window with less room
     * scrolls.
     */
    public int readableHeight() {
        return margins() + state.order().size() * ROW_ABOVE;
    }

    private int margins() {
        return MARGINS + (chart.getSubtitleCount() > 0 ? LEGEND : 0);
    }

    /** Sets the selected and the locked layers and redraws once. */
    public void select(SortedSet<Integer> layers, LayerLocks locks) {
        state.select(layers, locks);
        chart.fireChartChanged();
    }

    /** Sets the shares of the resamples that select each layer and redraws once; null for those of the uncertainty. */
    public void share(@Nullable SelectionShares shares) {
        state.share(shares);
        chart.fireChartChanged();
    }

    /** Marks the row of a layer; null removes the mark. */
    public void highlight(@Nullable Integer layer) {
        if (state.highlight(layer)) {
            chart.fireChartChanged();
        }
    }

    /** Changes the style, keeps the selection and the mark, and redraws once. */
    public void restyle(ChartStyle style) {
        RedrawGroup.once(chart, () -> {
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

    /** Returns the layer that a chart entity of a mouse event belongs to. */
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
