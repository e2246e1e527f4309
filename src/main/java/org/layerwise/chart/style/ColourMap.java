package org.layerwise.chart.style;

import java.awt.Color;
import java.util.function.BiFunction;

/** Sequences of colours in which equal steps look equally large. */
public enum ColourMap {
    /** Colours from dark violet to yellow; matplotlib's default. */
    VIRIDIS((part, theme) -> ColourTables.VIRIDIS.colour(part)),
    /**
     * Colours from dark blue to yellow that look alike with and without red-green colour blindness (arXiv 1712.01662).
     */
    CIVIDIS((part, theme) -> ColourTables.CIVIDIS.colour(part)),
    /** Greys from dark to light, for printing without colours. */
    GREY((part, theme) -> grey(part)),
    /**
     * Colours from blue through near the background colour to red, for signed values with 0 in the middle. Colours at
     * equal distances from the middle are equally light, and each half is a straight line in Oklab.
     */
    DIVERGING(ColourMap::diverging);

    private static final double DARKEST_GREY = 0.18;
    private static final double LIGHTEST_GREY = 0.97;

    private final BiFunction<Double, ChartTheme, Color> colours;

    ColourMap(BiFunction<Double, ChartTheme, Color> colours) {
        this.colours = colours;
    }

    /** Returns the colour of a position within the range, from 0 to 1. */
    Color colour(double part, ChartTheme theme) {
        return colours.apply(part, theme);
    }

    private static Color grey(double part) {
        return new OkLab(DARKEST_GREY + (LIGHTEST_GREY - DARKEST_GREY) * part, 0, 0).colour();
    }

    private static Color diverging(double part, ChartTheme theme) {
        double side = 2 * part - 1;
        boolean light = theme == ChartTheme.LIGHT;
        double lightness = light ? 0.45 : 0.72;
        OkLab end = side < 0
                ? OkLab.polar(lightness, light ? 0.15 : 0.13, 255)
                : OkLab.polar(lightness, light ? 0.17 : 0.16, light ? 25 : 35);
        return OkLab.of(theme.between())
                .towards(end, Math.min(1, Math.abs(side)))
                .colour();
    }
}
