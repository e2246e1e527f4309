package org.layerwise.chart.ranking;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.DoubleSummaryStatistics;
import org.jfree.chart.LegendItemCollection;
import org.layerwise.chart.style.ChartNumbers;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ChartTheme;
import org.layerwise.chart.style.Strokes;

/** Draws the intervals and the level of unrelated data on the bars of a ranking, and creates the legend for both. */
record RankingMarks(RankingState state) {

    private static final double MOST_CAP = 8;
    private static final double CAP_OF_BAR = 0.5;
    private static final double LINE = 1.4;
    private static final double HALO = 3.6;
    private static final double LEGEND_WIDTH = 14;

    /** Draws a line with caps. An outline in the background colour makes it visible on bars of any colour. */
    void drawInterval(Graphics2D g2, double low, double high, double y, double barHeight) {
        ChartStyle style = state.style();
        double cap = Math.min(style.scaled(MOST_CAP), barHeight * CAP_OF_BAR) / 2;
        Shape line = beam(low, high, y, cap);
        stroke(g2, line, style.stroke(HALO), style.theme().canvas());
        stroke(g2, line, style.stroke(LINE), style.theme().text());
    }

    /** Draws a line across the row. */
    void drawUnrelated(Graphics2D g2, double x, double y, double barHeight) {
        ChartStyle style = state.style();
        Shape line = new Line2D.Double(x, y - barHeight * 0.65, x, y + barHeight * 0.65);
        stroke(g2, line, style.stroke(HALO), style.theme().canvas());
        stroke(g2, line, style.stroke(2), style.theme().run(1));
    }

    private static void stroke(Graphics2D g2, Shape shape, BasicStroke stroke, Color colour) {
        g2.setStroke(new BasicStroke(stroke.getLineWidth(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
        g2.setPaint(colour);
        g2.draw(shape);
    }

    private static Shape beam(double low, double high, double y, double cap) {
        Path2D beam = new Path2D.Double();
        beam.moveTo(low, y);
        beam.lineTo(high, y);
        for (double x : new double[] {low, high}) {
            beam.moveTo(x, y - cap);
            beam.lineTo(x, y + cap);
        }
        return beam;
    }

    /** Returns the items of the legend; empty if nothing is drawn on the bars. */
    LegendItemCollection legend() {
        LegendItemCollection items = new LegendItemCollection();
        ChartStyle style = state.style();
        ChartTheme theme = style.theme();
        if (state.anyInterval()) {
            double half = style.scaled(LEGEND_WIDTH) / 2;
            Shape beam = style.stroke(LINE).createStrokedShape(beam(-half, half, 0, style.scaled(MOST_CAP) / 2));
            items.add(Strokes.item(state.intervalName(), style, beam, theme.text()));
        }
        DoubleSummaryStatistics unrelated = state.unrelated();
        if (state.showsUnrelated()) {
            double half = style.scaled(MOST_CAP) * 0.75;
            items.add(Strokes.item(
                    "unrelated data",
                    style,
                    new Rectangle2D.Double(-style.scaled(1), -half, style.scaled(2), 2 * half),
                    theme.run(1)));
        } else if (unrelated.getCount() > 0) {
            String low = ChartNumbers.three(unrelated.getMin());
            String high = ChartNumbers.three(unrelated.getMax());
            String range = low.equals(high) ? low : low + " to " + high;
            double arrow = style.scaled(4);
            Path2D head = new Path2D.Double();
            head.moveTo(-arrow, -arrow);
            head.lineTo(arrow, 0);
            head.lineTo(-arrow, arrow);
            head.closePath();
            items.add(Strokes.item("unrelated data: " + range, style, head, theme.run(1)));
        }
        if (state.anyProbability()) {
            Font font = style.texts();
            Shape sign = font.createGlyphVector(new FontRenderContext(null, true, true), "%")
                    .getOutline();
            Rectangle2D bounds = sign.getBounds2D();
            Shape centred = AffineTransform.getTranslateInstance(-bounds.getCenterX(), -bounds.getCenterY())
                    .createTransformedShape(sign);
            items.add(Strokes.item("of resamples select it" + state.rule(), style, centred, theme.text()));
        }
        return items;
    }
}
