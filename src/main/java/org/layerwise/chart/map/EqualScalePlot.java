package org.layerwise.chart.map;

import java.awt.Graphics2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.PlotState;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYItemRenderer;
import org.jfree.data.Range;
import org.jfree.data.xy.XYDataset;
import org.jspecify.annotations.Nullable;

/** Plot in which a unit has the same length on both axes, whatever the size of the picture. */
final class EqualScalePlot extends XYPlot {

    /** Room around the data, as a share of its larger side. */
    private static final double MARGIN = 0.08;

    /** Passes until the room for the labels of the axes, which depend on the ranges, stays the same. */
    private static final int PASSES = 2;

    private final Range x;
    private final Range y;

    /**
     * Creates a plot.
     *
     * @param x range of the data along the x axis
     * @param y range of the data along the y axis
     */
    EqualScalePlot(XYDataset data, ValueAxis xAxis, Range x, ValueAxis yAxis, Range y, XYItemRenderer renderer) {
        super(data, xAxis, yAxis, renderer);
        double margin = MARGIN * Math.max(Math.max(x.getLength(), y.getLength()), Double.MIN_NORMAL);
        this.x = new Range(x.getLowerBound() - margin, x.getUpperBound() + margin);
        this.y = new Range(y.getLowerBound() - margin, y.getUpperBound() + margin);
    }

    @Override
    public void draw(
            Graphics2D g2,
            Rectangle2D area,
            @Nullable Point2D anchor,
            @Nullable PlotState parentState,
            @Nullable PlotRenderingInfo info) {
        for (int pass = 0; pass < PASSES; pass++) {
            Rectangle2D inner = calculateAxisSpace(g2, area).shrink(area, null);
            if (inner.getWidth() < 1 || inner.getHeight() < 1) {
                return; // a pane that the user drags shut has no room for points
            }
            double unit = Math.max(x.getLength() / inner.getWidth(), y.getLength() / inner.getHeight());
            getDomainAxis().setRange(around(x, unit * inner.getWidth()), false, false);
            getRangeAxis().setRange(around(y, unit * inner.getHeight()), false, false);
        }
        super.draw(g2, area, anchor, parentState, info);
    }

    private static Range around(Range data, double length) {
        double middle = data.getCentralValue();
        return new Range(middle - length / 2, middle + length / 2);
    }
}
