package org.layerwise.chart;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Paint;
import java.awt.RenderingHints;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.ui.RectangleInsets;

/**
 * How a chart looks, the same in the window and in a file.
 *
 * @param scale of text, lines and gaps; 1 is the window's 13 px text
 */
public record ChartStyle(Theme theme, ChartFonts fonts, double scale) {

    private static final double TITLE_SIZE = 13;
    private static final double TEXT_SIZE = 12;
    private static final double MARGIN = 12;

    static {
        // JFreeChart would draw upright titles as outlines, which is no text any more in an SVG
        TextUtils.setUseDrawRotatedStringWorkaround(false);
    }

    /** @throws IllegalArgumentException if the scale is not above 0 */
    public ChartStyle {
        if (!(scale > 0)) {
            throw new IllegalArgumentException("the scale must be above 0, not " + scale);
        }
    }

    /** Light, in Inter: what a paper wants. */
    public static ChartStyle light() {
        return new ChartStyle(Theme.LIGHT, ChartFonts.inter(), 1);
    }

    /** Dark, in Inter. */
    public static ChartStyle dark() {
        return new ChartStyle(Theme.DARK, ChartFonts.inter(), 1);
    }

    public ChartStyle withScale(double other) {
        return new ChartStyle(theme, fonts, other);
    }

    /** The titles of axes. */
    public Font titles() {
        return fonts.sized(scaled(TITLE_SIZE));
    }

    /** The numbers along axes, and names. */
    public Font texts() {
        return fonts.sized(scaled(TEXT_SIZE));
    }

    /** A length that grows with the figure's text. */
    double scaled(double pixels) {
        return pixels * scale;
    }

    BasicStroke stroke(double width) {
        return new BasicStroke((float) scaled(width));
    }

    RectangleInsets insets(double top, double left, double bottom, double right) {
        return new RectangleInsets(scaled(top), scaled(left), scaled(bottom), scaled(right));
    }

    /** The background and margin of a chart, and how its letters and lines are drawn. */
    void applyTo(JFreeChart chart) {
        chart.setBackgroundPaint(theme.canvas());
        chart.setBorderVisible(false);
        chart.setPadding(insets(MARGIN, MARGIN, MARGIN, MARGIN));
        RenderingHints hints = chart.getRenderingHints();
        hints.put(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        hints.put(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        hints.put(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        hints.put(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        chart.setRenderingHints(hints);
    }

    /** The text of an axis; no line and no tick marks, where cells, bars or grid lines say the same. */
    void applyTo(Axis axis) {
        Paint muted = theme.muted();
        axis.setLabelFont(titles());
        axis.setLabelPaint(theme.text());
        axis.setTickLabelFont(texts());
        axis.setTickLabelPaint(muted);
        axis.setAxisLineVisible(false);
        axis.setTickMarksVisible(false);
        axis.setTickLabelInsets(insets(2, 5, 2, 5));
        axis.setLabelInsets(insets(3, 3, 3, 3));
    }
}
