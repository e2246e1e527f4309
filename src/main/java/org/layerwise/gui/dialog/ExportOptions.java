package org.layerwise.gui.dialog;

/**
 * How a chart is written to a PNG file.
 *
 * @param width of the figure on paper, in millimetres
 * @param height of the figure on paper, in millimetres
 * @param dpi dots an inch
 * @param dark whether in the colours of the dark theme
 */
public record ExportOptions(int width, int height, int dpi, boolean dark) {

    /** The least and most millimetres of a side. */
    public static final int LEAST_MILLIMETRES = 30;

    public static final int MOST_MILLIMETRES = 1000;

    /** The lowest and highest resolution. */
    public static final int LEAST_DPI = 72;

    public static final int MOST_DPI = 600;

    private static final double MILLIMETRES_AN_INCH = 25.4;

    /** How many dots so many millimetres are. */
    public static int dots(int millimetres, int dpi) {
        return (int) Math.round(millimetres / MILLIMETRES_AN_INCH * dpi);
    }
}
