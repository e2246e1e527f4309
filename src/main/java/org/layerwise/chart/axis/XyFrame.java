package org.layerwise.chart.axis;

import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemSource;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYItemRenderer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYDataset;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.RedrawGroup;

/**
 * Common parts of charts with two numerical axes: a plot without an outline, horizontal grid lines, a legend above the
 * plot, and their style.
 */
public final class XyFrame {

    private static final double TICK_DISTANCE_Y = 40;

    private SpacedAxis x;
    private final double tickDistanceX;
    private final SpacedAxis y;
    private final XYPlot plot;
    private final Legend legend;
    private final JFreeChart chart;

    /**
     * Creates a chart around a renderer.
     *
     * @param tickDistanceX minimum distance between two ticks of the x axis, in pixels at scale 1
     */
    public XyFrame(
            XYDataset data,
            XYItemRenderer renderer,
            SpacedAxis x,
            double tickDistanceX,
            SpacedAxis y,
            LegendItemSource legendItems,
            ChartStyle style) {
        this.x = x;
        this.tickDistanceX = tickDistanceX;
        this.y = y;
        plot = new XYPlot(data, x, y, renderer);
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
        plot.setDomainGridlinesVisible(false);
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        plot.setInsets(RectangleInsets.ZERO_INSETS);
        legend = new Legend(legendItems);
        chart = new JFreeChart(null, style.titles(), plot, false);
        legend.addTo(chart);
    }

    public XYPlot plot() {
        return plot;
    }

    public JFreeChart chart() {
        return chart;
    }

    /** Replaces the x axis. The new axis gets its style with the next {@link #restyle}. */
    public void along(SpacedAxis other) {
        x = other;
        plot.setDomainAxis(other);
    }

    /** Changes the style of the frame, runs the changes of {@code more} and redraws once. */
    public void restyle(ChartStyle style, Runnable more) {
        RedrawGroup.once(chart, () -> {
            style.applyTo(chart);
            style.applyTo(x);
            style.applyTo(y);
            x.setSpacing(style.scaled(tickDistanceX));
            y.setSpacing(style.scaled(TICK_DISTANCE_Y));
            x.setAxisLineVisible(true);
            x.setAxisLinePaint(style.theme().grid());
            plot.setRangeGridlinePaint(style.theme().grid());
            plot.setRangeGridlineStroke(style.stroke(1));
            more.run();
            legend.restyle(style);
        });
    }
}
