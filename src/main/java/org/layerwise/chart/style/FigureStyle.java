package org.layerwise.chart.style;

import java.awt.Color;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;

/**
 * Appearance of a figure in a file.
 *
 * @param theme colours of the figure
 * @param points font size of the axis numbers, in points (72 per inch); everything else scales with it
 * @param transparent true if the background is transparent
 * @param titled true if the title is drawn above the figure
 */
public record FigureStyle(ChartTheme theme, double points, boolean transparent, boolean titled) {

    /** Font size that the window uses, in points: 12 pixels at 96 dpi. */
    public static final double WINDOW_POINTS = 9;

    private static final double TITLE_GAP = 8;
    private static final Color CLEAR = new Color(255, 255, 255, 0);

    /**
     * Checks the font size.
     *
     * @throws IllegalArgumentException if the font size is not above 0
     */
    public FigureStyle {
        if (!(points > 0)) {
            throw new IllegalArgumentException("text of %s points cannot be read".formatted(points));
        }
    }

    /** Returns the style to build the chart with. */
    public ChartStyle style() {
        return new ChartStyle(theme, ChartFonts.inter().printed(), points / WINDOW_POINTS);
    }

    /** Sets the title and the background of a chart that was built with {@link #style}. */
    public void applyTo(JFreeChart chart, String title) {
        ChartStyle style = style();
        chart.setBackgroundPaint(transparent ? CLEAR : theme.canvas());
        if (titled) {
            TextTitle above = new TextTitle(title, style.titles());
            above.setPaint(theme.text());
            above.setHorizontalAlignment(HorizontalAlignment.LEFT);
            above.setTextAlignment(HorizontalAlignment.LEFT);
            above.setPadding(style.insets(0, 0, TITLE_GAP, 0));
            chart.setTitle(above);
        } else {
            chart.setTitle((TextTitle) null);
        }
    }
}
