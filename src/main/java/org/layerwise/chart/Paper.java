package org.layerwise.chart;

import java.util.Locale;
import org.layerwise.base.UserException;

/**
 * What a figure is drawn on: a size on paper and, for a picture of dots, how many there are to an inch.
 *
 * @param width in millimetres
 * @param height in millimetres
 * @param dpi dots an inch
 */
public record Paper(double width, double height, double dpi) {

    private static final double MILLIMETRES_AN_INCH = 25.4;
    private static final double SCREEN_DPI = 96;
    private static final double LEAST_DPI = 36;
    private static final double MOST_DPI = 2400;
    private static final long MOST_DOTS = 200_000_000;
    private static final double LEAST_PIXELS = 50;

    /** @throws UserException if it makes no sense: too few dots an inch to see anything, or more dots than fit into memory */
    public Paper {
        if (!(dpi >= LEAST_DPI && dpi <= MOST_DPI)) {
            throw new UserException(String.format(
                    Locale.ROOT,
                    "A resolution of %s dpi makes no sense; choose one between %.0f and %.0f.",
                    dpi,
                    LEAST_DPI,
                    MOST_DPI));
        }
        if (!(width * SCREEN_DPI / MILLIMETRES_AN_INCH >= LEAST_PIXELS
                && height * SCREEN_DPI / MILLIMETRES_AN_INCH >= LEAST_PIXELS)) {
            throw new UserException(String.format(
                    Locale.ROOT,
                    "A figure of %.1f × %.1f mm is too small; each side must be at least %.0f mm.",
                    width,
                    height,
                    Math.ceil(LEAST_PIXELS * MILLIMETRES_AN_INCH / SCREEN_DPI)));
        }
        if (dots(width, dpi) * dots(height, dpi) > MOST_DOTS) {
            throw new UserException(String.format(
                    Locale.ROOT,
                    "A picture of %,d × %,d pixels is too large; choose a lower resolution or a smaller figure.",
                    dots(width, dpi),
                    dots(height, dpi)));
        }
    }

    /** As large as this on a screen of 96 dpi. */
    public static Paper of(ChartSize size, double dpi) {
        return new Paper(
                size.width() * MILLIMETRES_AN_INCH / SCREEN_DPI, size.height() * MILLIMETRES_AN_INCH / SCREEN_DPI, dpi);
    }

    /** The number of dots across. */
    public int dotsAcross() {
        return (int) dots(width, dpi);
    }

    /** The number of dots from top to bottom. */
    public int dotsDown() {
        return (int) dots(height, dpi);
    }

    /** The width that is drawn in, in pixels at 96 dpi. */
    double pixelsAcross() {
        return width * SCREEN_DPI / MILLIMETRES_AN_INCH;
    }

    /** The height that is drawn in, in pixels at 96 dpi. */
    double pixelsDown() {
        return height * SCREEN_DPI / MILLIMETRES_AN_INCH;
    }

    private static long dots(double millimetres, double dpi) {
        return Math.round(millimetres / MILLIMETRES_AN_INCH * dpi);
    }
}
