package org.layerwise.chart;

import java.awt.Color;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;

/**
 * How a figure looks in a file.
 *
 * @param theme its colours
 * @param points the size of the numbers along its axes, in points: 72 are an inch; all else grows with them
 * @param transparent whether what lies behind the figure shows through
 * @param titled whether its title stands above it
 */
public record FigureLook(Theme theme, double points, boolean transparent, boolean titled) {

    /** The size that the window draws in: 12 pixels at 96 dpi. */
    public static final double WINDOW_POINTS = 9;

    private static final double TITLE_GAP = 8;
    private static final Color CLEAR = new Color(255, 255, 255, 0);

    /** @throws IllegalArgumentException if the size is not above 0 */
    public FigureLook {
        if (!(points > 0)) {
            throw new IllegalArgumentException("text of %s points cannot be read".formatted(points));
        }
    }

    /** What charts are drawn with. */
    public ChartStyle style() {
        return new ChartStyle(theme, ChartFonts.inter().printed(), points / WINDOW_POINTS);
    }

    /** Gives a chart that is drawn in {@link #style} its title and background. */
    public void dress(JFreeChart chart, String title) {
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
