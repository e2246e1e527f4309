package org.layerwise.chart.curve;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import org.jfree.chart.LegendItem;
import org.layerwise.chart.style.ChartStyle;

/** Symbol of an evaluation, on the curve and in the legend. */
record CurvePoint(ChartStyle style) {

    private static final double SIZE = 7;

    Shape shape() {
        double size = style.scaled(SIZE);
        return new Ellipse2D.Double(-size / 2, -size / 2, size, size);
    }

    /**
     * Returns a legend item with the outline width of the chart, in a neutral colour instead of the colour of a run.
     */
    LegendItem legend(String words, Color fill) {
        LegendItem item = new LegendItem(
                words,
                null,
                null,
                null,
                shape(),
                fill,
                style.stroke(1.5),
                style.theme().muted());
        item.setLabelFont(style.texts());
        item.setLabelPaint(style.theme().text());
        return item;
    }
}
