package org.layerwise.chart;

import java.awt.Color;

/**
 * Colours for a range of values, ends included; values outside take the colour of the nearer end.
 *
 * @param lower the value of the first colour
 * @param upper the value of the last colour
 */
public record ColourScale(ColourMap map, double lower, double upper) {

    /** @throws IllegalArgumentException if the range is empty, or that of signed values is not centred on 0 */
    public ColourScale {
        if (!(lower < upper) || !Double.isFinite(upper - lower)) {
            throw new IllegalArgumentException("a range of colours from %s to %s is empty".formatted(lower, upper));
        }
        if (map == ColourMap.DIVERGING && lower != -upper) {
            throw new IllegalArgumentException("the colours of differences must be centred on 0");
        }
    }

    /** Viridis for similarities from 0 to 1. */
    public static ColourScale similarities() {
        return new ColourScale(ColourMap.VIRIDIS, 0, 1);
    }

    /**
     * Blue to red for differences.
     *
     * @param reach the largest difference that has a colour of its own, above 0
     */
    public static ColourScale differences(double reach) {
        return new ColourScale(ColourMap.DIVERGING, -reach, reach);
    }

    /** The colour of a value; the middle of signed values is near the theme's background. */
    public Color colour(double value, Theme theme) {
        return map.colour(Math.max(0, Math.min(1, (value - lower) / (upper - lower))), theme);
    }

    /** Black or white, whichever is read more easily on the colour of a value. */
    Color ink(double value, Theme theme) {
        Color paper = colour(value, theme);
        return OkLab.of(paper).lightness() > 0.62 ? Color.BLACK : Color.WHITE;
    }
}
