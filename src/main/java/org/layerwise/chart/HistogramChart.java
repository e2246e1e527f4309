package org.layerwise.chart;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.OptionalInt;
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
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.axis.XyFrame;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.PixelDrawing;
import org.layerwise.data.token.DataSummary.Bin;

/**
 * Histogram of the number of tokens per row, with one bar per range of lengths.
 *
 * <p>Not safe for use by several threads.
 */
public final class HistogramChart {

    private static final double TICK_DISTANCE_X = 48;
    private static final double GAP = 1;
    private static final double HEADROOM = 1.05;
    private static final ChartSize EXPORT_SIZE = new ChartSize(560, 300);

    private final List<Bin> bins;
    private final XyFrame frame;
    private ChartStyle style;

    /**
     * Creates a histogram.
     *
     * @param lengths title of the x axis
     * @param rows title of the y axis
     */
    public HistogramChart(List<Bin> bins, String lengths, String rows, ChartStyle style) {
        this.bins = List.copyOf(bins);
        this.style = style;
        XYSeries series = new XYSeries("rows");
        bins.forEach(bin -> series.add(bin.from(), bin.rows()));
        RoundAxis x = RoundAxis.ofCounts(lengths);
        RoundAxis y = RoundAxis.ofCounts(rows);
        if (!bins.isEmpty()) {
            x.setRange(bins.get(0).from(), bins.get(bins.size() - 1).to() + 1.0);
        }
        y.setRange(
                0,
                HEADROOM * Math.max(1, bins.stream().mapToInt(Bin::rows).max().orElse(1)));
        frame = new XyFrame(
                new XYSeriesCollection(series), new Bars(), x, TICK_DISTANCE_X, y, LegendItemCollection::new, style);
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

    /** Changes the style and redraws once. */
    public void restyle(ChartStyle other) {
        this.style = other;
        frame.restyle(other, () -> {});
    }

    /** Returns the index of the bin that a chart entity of a mouse event belongs to. */
    public static OptionalInt binOf(@Nullable ChartEntity entity) {
        return entity instanceof XYItemEntity bar ? OptionalInt.of(bar.getItem()) : OptionalInt.empty();
    }

    /**
     * Returns the histogram as CSV: a header {@code from,to,rows}, then one line per bin. Both ends belong to the bin.
     */
    public static String csv(List<Bin> bins) {
        StringBuilder text = new StringBuilder("from,to,rows\n");
        for (Bin bin : bins) {
            text.append("%s,%s,%s\n".formatted(bin.from(), bin.to(), bin.rows()));
        }
        return text.toString();
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
                int item,
                @Nullable CrosshairState crosshairState,
                int pass) {
            Bin bin = bins.get(item);
            double left = domainAxis.valueToJava2D(bin.from(), dataArea, where.getDomainAxisEdge());
            double right = domainAxis.valueToJava2D(bin.to() + 1.0, dataArea, where.getDomainAxisEdge());
            double gap = right - left > 3 * style.scaled(GAP) ? style.scaled(GAP) : 0;
            double zero = rangeAxis.valueToJava2D(0, dataArea, where.getRangeAxisEdge());
            double top = rangeAxis.valueToJava2D(bin.rows(), dataArea, where.getRangeAxisEdge());
            if (bin.rows() > 0) {
                PixelDrawing.fill(
                        g2,
                        PixelDrawing.snapped(g2, left, Math.min(top, zero - 1), right - gap, zero),
                        style.theme().accent());
            }
            if (state.getEntityCollection() != null) {
                Rectangle2D column =
                        new Rectangle2D.Double(left, dataArea.getMinY(), right - left, dataArea.getHeight());
                state.getEntityCollection().add(new XYItemEntity(column, dataset, 0, item, null, null));
            }
        }
    }
}
