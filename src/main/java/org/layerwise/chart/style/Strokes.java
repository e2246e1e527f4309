package org.layerwise.chart.style;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Line2D;
import org.jfree.chart.LegendItem;

/** Creates line strokes and the legend items for them. */
public final class Strokes {

    private static final double LEGEND_LINE = 18;

    private Strokes() {}

    public static BasicStroke dashed(ChartStyle style, double width) {
        float dash = (float) style.scaled(4);
        return new BasicStroke(
                (float) style.scaled(width),
                BasicStroke.CAP_BUTT,
                BasicStroke.JOIN_MITER,
                1,
                new float[] {dash, dash},
                0);
    }

    /** Creates a legend item with a filled shape that is centred on the origin. */
    public static LegendItem item(String words, ChartStyle style, Shape shape, Color colour) {
        LegendItem item = new LegendItem(words, null, null, null, shape, colour);
        item.setSeriesKey(words);
        item.setLabelFont(style.texts());
        item.setLabelPaint(style.theme().muted());
        return item;
    }

    /** Creates a legend item with an outlined shape that is centred on the origin. */
    public static LegendItem outlined(String words, ChartStyle style, Shape shape, Color fill, Color line) {
        LegendItem item = new LegendItem(words, null, null, null, shape, fill, style.stroke(1.5), line);
        item.setLabelFont(style.texts());
        item.setLabelPaint(style.theme().text());
        return item;
    }

    /** Creates a legend item with a short line. */
    public static LegendItem lineItem(String words, ChartStyle style, BasicStroke stroke, Color colour) {
        double half = style.scaled(LEGEND_LINE) / 2;
        LegendItem item = new LegendItem(words, null, null, null, new Line2D.Double(-half, 0, half, 0), stroke, colour);
        item.setSeriesKey(words);
        item.setLabelFont(style.texts());
        item.setLabelPaint(style.theme().muted());
        return item;
    }
}
