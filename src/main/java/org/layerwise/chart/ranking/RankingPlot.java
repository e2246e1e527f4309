package org.layerwise.chart.ranking;

import java.awt.Graphics2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.PlotState;
import org.jfree.data.Range;
import org.jfree.data.category.CategoryDataset;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.axis.RoundAxis;

/** Bar plot that fits the text size to the row height and leaves room for the values to the right of the bars. */
public final class RankingPlot extends CategoryPlot {

    private static final double MOST_OF_WIDTH_FOR_TEXT = 0.5;

    private final RankingState state;
    private final RankingAxis names;
    private final RoundAxis values;
    private final RankingRenderer renderer;
    private @Nullable Range zoomed;

    RankingPlot(
            CategoryDataset dataset,
            RankingState state,
            RankingAxis names,
            RoundAxis values,
            RankingRenderer renderer) {
        super(dataset, names, values, renderer);
        this.state = state;
        this.names = names;
        this.values = values;
        this.renderer = renderer;
    }

    /** Draws only a part of the value range; null draws the whole range. */
    public void zoom(@Nullable Range range) {
        zoomed = range;
        fireChangeEvent();
    }

    @Override
    public void draw(
            Graphics2D g2,
            Rectangle2D area,
            @Nullable Point2D anchor,
            @Nullable PlotState parentState,
            @Nullable PlotRenderingInfo info) {
        int rows = Math.max(1, state.order().size());
        double largest = state.largest();
        names.setRowHeight(area.getHeight() / rows);
        values.setRange(range(largest > 0 ? largest : 1), false, false);
        AxisSpace space = calculateAxisSpace(g2, area);
        Rectangle2D inner = space.shrink(area, null);
        names.setRowHeight(Math.max(1, inner.getHeight() / rows));
        double text = Math.min(renderer.roomBehindBars(g2) / Math.max(1, inner.getWidth()), MOST_OF_WIDTH_FOR_TEXT);
        Range all = range((largest > 0 ? largest : 1) / (1 - text));
        values.setRange(zoomed == null ? all : zoomed, false, false);
        super.draw(g2, area, anchor, parentState, info);
    }

    private Range range(double upper) {
        return new Range(Math.min(0, state.smallest()), upper);
    }
}
