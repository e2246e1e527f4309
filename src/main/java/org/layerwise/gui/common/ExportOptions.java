package org.layerwise.gui.common;

import java.util.Locale;
import java.util.Optional;
import org.layerwise.base.UserException;
import org.layerwise.chart.style.ChartTheme;
import org.layerwise.chart.style.FigureStyle;
import org.layerwise.chart.style.PaperSize;

/**
 * Options of the export of a figure.
 *
 * @param format file format
 * @param width width of the figure on paper, in millimetres
 * @param height height of the figure on paper, in millimetres
 * @param dpi resolution of a PNG, in dots per inch
 * @param dark true for the colours of the dark theme
 * @param transparent true for a transparent background
 * @param points font size of the axis numbers, in points
 * @param titled true to draw the title above the figure
 */
public record ExportOptions(
        Format format,
        int width,
        int height,
        int dpi,
        boolean dark,
        boolean transparent,
        double points,
        boolean titled) {

    /** Minimum and maximum length of a side, in millimetres. */
    public static final int LEAST_MILLIMETRES = 30;

    public static final int MOST_MILLIMETRES = 1000;

    /** Minimum and maximum resolution, in dots per inch. */
    public static final int LEAST_DPI = 72;

    public static final int MOST_DPI = 600;

    /** Minimum and maximum font size, in points. */
    public static final double LEAST_POINTS = 5;

    public static final double MOST_POINTS = 24;

    private static final double MILLIMETRES_AN_INCH = 25.4;
    private static final double POINTS_AN_INCH = 72;
    private static final double LINES_A_SIDE = 12;

    /** File format. */
    public enum Format {
        /** Bitmap image. */
        PNG,
        /** Vector image, which is sharp at every size. */
        SVG,
        /** Table with the values of the figure. */
        CSV;

        /** Returns the file name extension with the dot. */
        public String ending() {
            return "." + name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if a value is outside its limits
     */
    public ExportOptions {
        require(LEAST_MILLIMETRES, width, MOST_MILLIMETRES);
        require(LEAST_MILLIMETRES, height, MOST_MILLIMETRES);
        require(LEAST_DPI, dpi, MOST_DPI);
        require(LEAST_POINTS, points, MOST_POINTS);
    }

    private static void require(double least, double value, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException("%s is not between %s and %s".formatted(value, least, most));
        }
    }

    /**
     * Returns options for a PNG with the window's font size, without a title, on the theme's background.
     *
     * @param width width in millimetres
     * @param height height in millimetres
     */
    public static ExportOptions png(int width, int height, int dpi, boolean dark) {
        return new ExportOptions(Format.PNG, width, height, dpi, dark, false, FigureStyle.WINDOW_POINTS, false);
    }

    /** Returns these options with another format. */
    public ExportOptions as(Format other) {
        return new ExportOptions(other, width, height, dpi, dark, transparent, points, titled);
    }

    /**
     * Returns these options with another size in millimetres. Values outside the limits are set to the nearest limit.
     */
    public ExportOptions sized(int otherWidth, int otherHeight) {
        return new ExportOptions(format, side(otherWidth), side(otherHeight), dpi, dark, transparent, points, titled);
    }

    private static int side(int millimetres) {
        return Math.max(LEAST_MILLIMETRES, Math.min(MOST_MILLIMETRES, millimetres));
    }

    /** Converts millimetres to dots at a resolution. */
    public static int dots(int millimetres, int dpi) {
        return (int) Math.round(millimetres / MILLIMETRES_AN_INCH * dpi);
    }

    /**
     * Returns the size and resolution of the figure.
     *
     * @throws UserException if the image would have too many dots
     */
    public PaperSize paper() {
        return new PaperSize(width, height, dpi);
    }

    /**
     * Returns the reason that the figure cannot be written, in one sentence; empty if it can be written. Only a PNG can
     * be too large.
     */
    public Optional<String> mistake() {
        try {
            paper();
            return Optional.empty();
        } catch (UserException e) {
            return format == Format.PNG ? Optional.ofNullable(e.getMessage()) : Optional.empty();
        }
    }

    /**
     * Returns the minimum length of a side, in millimetres, that leaves room for the values besides axes with this font
     * size.
     */
    public int leastSide() {
        return (int) Math.ceil(LINES_A_SIDE * points * MILLIMETRES_AN_INCH / POINTS_AN_INCH);
    }

    /** Returns true if the axes and their numbers would leave no room for the values. */
    public boolean tooSmall() {
        return format != Format.CSV && Math.min(width, height) < leastSide();
    }

    /** Returns the appearance of the figure. */
    public FigureStyle look() {
        return new FigureStyle(dark ? ChartTheme.DARK : ChartTheme.LIGHT, points, transparent, titled);
    }
}
