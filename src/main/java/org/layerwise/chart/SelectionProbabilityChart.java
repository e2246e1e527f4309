package org.layerwise.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.chart.entity.XYItemEntity;
import org.jfree.chart.plot.CrosshairState;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.AbstractXYItemRenderer;
import org.jfree.chart.renderer.xy.XYItemRendererState;
import org.jfree.data.xy.XYDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.axis.XyFrame;
import org.layerwise.chart.style.ChartNumbers;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ChartTheme;
import org.layerwise.chart.style.PixelDrawing;
import org.layerwise.chart.style.Strokes;

/**
 * Probability that each layer is selected when the examples are resampled, as bars in the order of the layers. Selected
 * layers have the accent colour; a layer without importance that no resample selects is hatched. A bar that is neither
 * near 0 nor near 1 means that the choice of the layer is left to chance.
 *
 * <p>Not safe for use by several threads.
 */
public final class SelectionProbabilityChart {

    private static final double TICK_DISTANCE_X = 22;
    private static final double HALF_BAR = 0.36;
    private static final double HEADROOM = 1.03;
    private static final double STUB = 14;
    private static final double HATCH_DISTANCE = 5;
    private static final ChartSize EXPORT_SIZE = new ChartSize(560, 340);

    private final Uncertainty uncertainty;
    private final LayerImportance importance;
    private final XyFrame frame;
    private final SortedSet<Integer> proposed;
    private @Nullable Integer highlighted;
    private ChartStyle style;

    /**
     * Creates a chart.
     *
     * @param importance importance from all examples
     * @param proposed 0-based indices of the layers that the analysis proposes from all rows
     */
    public SelectionProbabilityChart(
            Uncertainty uncertainty, LayerImportance importance, SortedSet<Integer> proposed, ChartStyle style) {
        this.uncertainty = uncertainty;
        this.importance = importance;
        this.proposed = new TreeSet<>(proposed);
        this.style = style;
        int layers = uncertainty.selected().size();
        XYSeries series = new XYSeries("probability");
        for (int layer = 0; layer < layers; layer++) {
            series.add(layer, uncertainty.selected().get(layer));
        }
        RoundAxis y = RoundAxis.ofNumbers("Probability of being selected");
        RoundAxis x = RoundAxis.ofLayers("Layer", layers);
        x.setRange(-0.6, Math.max(0, layers - 1) + 0.6);
        y.setRange(0, HEADROOM);
        frame = new XyFrame(
                new XYSeriesCollection(series), new Bars(), x, TICK_DISTANCE_X, y, this::legendItems, style);
        restyle(style);
    }

    /** Returns the chart to show or to export. Every call returns the same object. */
    public JFreeChart chart() {
        return frame.chart();
    }

    /** Returns a size for a figure in a paper. */
    public ChartSize exportSize() {
        return EXPORT_SIZE;
    }

    /** Marks the column of a layer; null removes the mark. */
    public void highlight(@Nullable Integer layer) {
        highlighted = layer;
        frame.chart().fireChartChanged();
    }

    /** Changes the style, keeps the mark and redraws once. */
    public void restyle(ChartStyle other) {
        this.style = other;
        frame.restyle(other, () -> {});
    }

    /** Returns the layer that a chart entity of a mouse event belongs to. */
    public static OptionalInt layerOf(@Nullable ChartEntity entity) {
        return entity instanceof XYItemEntity column ? OptionalInt.of(column.getItem()) : OptionalInt.empty();
    }

    private String describe(int layer) {
        return "Layer %s%s   selected in %s of %s resamples%s"
                .formatted(
                        layer,
                        isUndefined(layer) ? "   undefined" : "",
                        ChartNumbers.percent(uncertainty.selected().get(layer)),
                        uncertainty.replicates(),
                        proposed.contains(layer) ? "   proposed" : "");
    }

    /** Returns true if a layer has no importance. Such a layer has no bar: its place among the others is set and not measured. */
    private boolean isUndefined(int layer) {
        return importance.of(layer).isEmpty();
    }

    private LegendItemCollection legendItems() {
        LegendItemCollection items = new LegendItemCollection();
        Rectangle2D square = style.square(10);
        items.add(Strokes.item("proposed", style, square, style.theme().accent()));
        items.add(Strokes.item("not proposed", style, square, style.theme().neutral()));
        if (IntStream.range(0, importance.layers()).anyMatch(this::isUndefined)) {
            items.add(Strokes.item("undefined", style, square, style.theme().undefined()));
        }
        return items;
    }

    private final class Bars extends AbstractXYItemRenderer {

        @Override
        public void drawItem(
                Graphics2D g2,
                XYItemRendererState state,
                Rectangle2D dataArea,
                @Nullable PlotRenderingInfo info,
                XYPlot where,
                ValueAxis domainAxis,
                ValueAxis rangeAxis,
                XYDataset dataset,
                int series,
                int layer,
                @Nullable CrosshairState crosshairState,
                int pass) {
            double left = domainAxis.valueToJava2D(layer - HALF_BAR, dataArea, where.getDomainAxisEdge());
            double right = domainAxis.valueToJava2D(layer + HALF_BAR, dataArea, where.getDomainAxisEdge());
            double zero = rangeAxis.valueToJava2D(0, dataArea, where.getRangeAxisEdge());
            double top = rangeAxis.valueToJava2D(dataset.getYValue(series, layer), dataArea, where.getRangeAxisEdge());
            Rectangle2D column = PixelDrawing.snapped(g2, left, dataArea.getMinY(), right, zero);
            ChartTheme theme = style.theme();
            if (highlighted != null && highlighted == layer) {
                PixelDrawing.fill(g2, column, theme.hover());
            }
            Color colour = proposed.contains(layer) ? theme.accent() : theme.neutral();
            if (isUndefined(layer)) {
                Rectangle2D stub = PixelDrawing.snapped(g2, left, zero - style.scaled(STUB), right, zero);
                PixelDrawing.hatch(
                        g2, stub, theme.undefined(), theme.hatch(), style.scaled(HATCH_DISTANCE), style.stroke(1));
            } else {
                PixelDrawing.fill(g2, PixelDrawing.snapped(g2, left, top, right, zero), colour);
            }
            if (state.getEntityCollection() != null) {
                state.getEntityCollection().add(new XYItemEntity(column, dataset, 0, layer, describe(layer), null));
            }
        }
    }
}
