package org.layerwise.chart.style;

import java.util.Locale;
import org.layerwise.base.UserException;

/**
 * Size of a figure on paper and the resolution of a bitmap of the figure.
 *
 * @param width width in millimetres
 * @param height height in millimetres
 * @param dpi dots per inch
 */
public record PaperSize(double width, double height, double dpi) {

    private static final double MILLIMETRES_AN_INCH = 25.4;
    private static final double SCREEN_DPI = 96;
    private static final double LEAST_DPI = 36;
    private static final double MOST_DPI = 2400;
    private static final long MOST_DOTS = 200_000_000;
    private static final double LEAST_PIXELS = 50;

    /**
     * Checks the size and the resolution.
     *
     * @throws UserException if the resolution is not between 36 and 2400 dpi, a side is too short, or the image has
     *     more than 200 million pixels
     */
    public PaperSize {
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

    /** Returns a paper with the given size on a screen of 96 dpi. */
    public static PaperSize of(ChartSize size, double dpi) {
        return new PaperSize(
                size.width() * MILLIMETRES_AN_INCH / SCREEN_DPI, size.height() * MILLIMETRES_AN_INCH / SCREEN_DPI, dpi);
    }

    /** Returns the width of the bitmap in dots. */
    public int dotsAcross() {
        return (int) dots(width, dpi);
    }

    /** Returns the height of the bitmap in dots. */
    public int dotsDown() {
        return (int) dots(height, dpi);
    }

    /** Returns the width in pixels at 96 dpi, the unit of drawing. */
    public double pixelsAcross() {
        return width * SCREEN_DPI / MILLIMETRES_AN_INCH;
    }

    /** Returns the height in pixels at 96 dpi, the unit of drawing. */
    public double pixelsDown() {
        return height * SCREEN_DPI / MILLIMETRES_AN_INCH;
    }

    private static long dots(double millimetres, double dpi) {
        return Math.round(millimetres / MILLIMETRES_AN_INCH * dpi);
    }
}
