package org.layerwise.chart.style;

import java.awt.Color;

/**
 * Colours of a range of values, both ends included. Values outside the range take the colour of the nearer end.
 *
 * @param map sequence of colours
 * @param lower value of the first colour
 * @param upper value of the last colour
 */
public record ColourScale(ColourMap map, double lower, double upper) {

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the range is empty, or if the range of a diverging map is not centred on 0
     */
    public ColourScale {
        if (!(lower < upper) || !Double.isFinite(upper - lower)) {
            throw new IllegalArgumentException("a range of colours from %s to %s is empty".formatted(lower, upper));
        }
        if (map == ColourMap.DIVERGING && lower != -upper) {
            throw new IllegalArgumentException("the colours of differences must be centred on 0");
        }
    }

    /** Returns viridis for similarities from 0 to 1. */
    public static ColourScale similarities() {
        return new ColourScale(ColourMap.VIRIDIS, 0, 1);
    }

    /**
     * Returns blue to red for differences.
     *
     * @param reach largest absolute difference with a colour of its own, above 0
     */
    public static ColourScale differences(double reach) {
        return new ColourScale(ColourMap.DIVERGING, -reach, reach);
    }

    /** Returns the colour of a value. The middle of a diverging map is close to the theme's background. */
    public Color colour(double value, ChartTheme theme) {
        return map.colour(Math.max(0, Math.min(1, (value - lower) / (upper - lower))), theme);
    }

    /** Returns black or white, the one with better contrast on the colour of a value. */
    public Color ink(double value, ChartTheme theme) {
        Color paper = colour(value, theme);
        return OkLab.of(paper).lightness() > 0.62 ? Color.BLACK : Color.WHITE;
    }
}
