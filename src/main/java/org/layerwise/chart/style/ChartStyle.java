package org.layerwise.chart.style;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Paint;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.ui.RectangleInsets;

/**
 * Style of a chart, used both in the window and in files.
 *
 * @param theme colours of the chart
 * @param fonts typeface of the chart
 * @param scale factor for text, lines and gaps; 1 matches the window's text size of 13 px
 */
public record ChartStyle(ChartTheme theme, ChartFonts fonts, double scale) {

    private static final double TITLE_SIZE = 13;
    private static final double TEXT_SIZE = 12;
    private static final double MARGIN = 12;

    static {
        // JFreeChart would draw rotated titles as outlines, so an SVG would not contain them as text
        TextUtils.setUseDrawRotatedStringWorkaround(false);
    }

    /**
     * Checks the scale.
     *
     * @throws IllegalArgumentException if the scale is not above 0
     */
    public ChartStyle {
        if (!(scale > 0)) {
            throw new IllegalArgumentException("the scale must be above 0, not " + scale);
        }
    }

    /** Returns the light style in Inter, for papers. */
    public static ChartStyle light() {
        return new ChartStyle(ChartTheme.LIGHT, ChartFonts.inter(), 1);
    }

    /** Returns the dark style in Inter. */
    public static ChartStyle dark() {
        return new ChartStyle(ChartTheme.DARK, ChartFonts.inter(), 1);
    }

    /** Returns the font of axis titles. */
    public Font titles() {
        return fonts.sized(scaled(TITLE_SIZE));
    }

    /** Returns the font of tick labels, legends and names. */
    public Font texts() {
        return fonts.sized(scaled(TEXT_SIZE));
    }

    /** Returns a length multiplied by the scale. */
    public double scaled(double pixels) {
        return pixels * scale;
    }

    public BasicStroke stroke(double width) {
        return new BasicStroke((float) scaled(width));
    }

    /** Returns a circle around the origin, with its diameter multiplied by the scale. */
    public Ellipse2D circle(double diameter) {
        double size = scaled(diameter);
        return new Ellipse2D.Double(-size / 2, -size / 2, size, size);
    }

    /** Returns a square around the origin, with its side multiplied by the scale. */
    public Rectangle2D square(double side) {
        double size = scaled(side);
        return new Rectangle2D.Double(-size / 2, -size / 2, size, size);
    }

    public RectangleInsets insets(double top, double left, double bottom, double right) {
        return new RectangleInsets(scaled(top), scaled(left), scaled(bottom), scaled(right));
    }

    /** Applies the background, the margin and the rendering hints to a chart. */
    public void applyTo(JFreeChart chart) {
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

    /**
     * Applies fonts, colours and insets to an axis. Hides the axis line and the tick marks, because cells, bars or grid
     * lines already show the positions.
     */
    public void applyTo(Axis axis) {
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
