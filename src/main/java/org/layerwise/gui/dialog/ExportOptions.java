package org.layerwise.gui.dialog;

import java.util.Locale;
import java.util.Optional;
import org.layerwise.base.UserException;
import org.layerwise.chart.FigureLook;
import org.layerwise.chart.Paper;
import org.layerwise.chart.Theme;

/**
 * How a figure is written to a file.
 *
 * @param width of the figure on paper, in millimetres
 * @param height of the figure on paper, in millimetres
 * @param dpi dots an inch, of a PNG
 * @param dark whether in the colours of the dark theme
 * @param transparent whether what lies behind the figure shows through
 * @param points the size of the numbers along its axes, in points
 * @param titled whether its title stands above it
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

    /** The least and most millimetres of a side. */
    public static final int LEAST_MILLIMETRES = 30;

    public static final int MOST_MILLIMETRES = 1000;

    /** The lowest and highest resolution. */
    public static final int LEAST_DPI = 72;

    public static final int MOST_DPI = 600;

    /** The smallest and largest text. */
    public static final double LEAST_POINTS = 5;

    public static final double MOST_POINTS = 24;

    private static final double MILLIMETRES_AN_INCH = 25.4;
    private static final double POINTS_AN_INCH = 72;
    private static final double LINES_A_SIDE = 12;

    /** What kind of file. */
    public enum Format {
        /** A picture of dots. */
        PNG,
        /** A drawing that is sharp at every size. */
        SVG,
        /** The numbers that are drawn. */
        CSV;

        /** What its files end in, with the point. */
        public String ending() {
            return "." + name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws IllegalArgumentException if something is outside of its limits */
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

    /** A PNG with the window's text, without a title, on the theme's background. */
    public static ExportOptions png(int width, int height, int dpi, boolean dark) {
        return new ExportOptions(Format.PNG, width, height, dpi, dark, false, FigureLook.WINDOW_POINTS, false);
    }

    /** The same in another format. */
    public ExportOptions as(Format other) {
        return new ExportOptions(other, width, height, dpi, dark, transparent, points, titled);
    }

    /** The same in another size, in millimetres; what is outside of the limits is moved to them. */
    public ExportOptions sized(int otherWidth, int otherHeight) {
        return new ExportOptions(format, side(otherWidth), side(otherHeight), dpi, dark, transparent, points, titled);
    }

    private static int side(int millimetres) {
        return Math.max(LEAST_MILLIMETRES, Math.min(MOST_MILLIMETRES, millimetres));
    }

    /** How many dots so many millimetres are. */
    public static int dots(int millimetres, int dpi) {
        return (int) Math.round(millimetres / MILLIMETRES_AN_INCH * dpi);
    }

    /**
     * What the figure is drawn on.
     *
     * @throws UserException if it has more dots than fit into memory
     */
    public Paper paper() {
        return new Paper(width, height, dpi);
    }

    /** What keeps it from being written, in one sentence; empty if nothing does. */
    public Optional<String> mistake() {
        try {
            paper();
            return Optional.empty();
        } catch (UserException e) {
            return format == Format.PNG ? Optional.ofNullable(e.getMessage()) : Optional.empty();
        }
    }

    /** The least millimetres of a side that hold axes with such text and something between them. */
    public int leastSide() {
        return (int) Math.ceil(LINES_A_SIDE * points * MILLIMETRES_AN_INCH / POINTS_AN_INCH);
    }

    /** Whether axes and their numbers would leave no room for what they measure. */
    public boolean tooSmall() {
        return format != Format.CSV && Math.min(width, height) < leastSide();
    }

    /** How the figure looks. */
    public FigureLook look() {
        return new FigureLook(dark ? Theme.DARK : Theme.LIGHT, points, transparent, titled);
    }
}
