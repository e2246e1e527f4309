package org.layerwise.chart.style;

import java.awt.Color;

/** Sequences of colours in which equal steps look equally large. */
public enum ColourMap {
    /** Colours from dark violet to yellow; matplotlib's default. */
    VIRIDIS("viridis") {
        @Override
        Color colour(double part, ChartTheme theme) {
            return ColourTables.VIRIDIS.colour(part);
        }
    },
    /**
     * Colours from dark blue to yellow that look alike with and without red-green colour blindness (arXiv 1712.01662).
     */
    CIVIDIS("cividis") {
        @Override
        Color colour(double part, ChartTheme theme) {
            return ColourTables.CIVIDIS.colour(part);
        }
    },
    /** Greys from dark to light, for printing without colours. */
    GREY("grey") {
        @Override
        Color colour(double part, ChartTheme theme) {
            return new OkLab(DARKEST_GREY + (LIGHTEST_GREY - DARKEST_GREY) * part, 0, 0).colour();
        }
    },
    /**
     * Colours from blue through near the background colour to red, for signed values with 0 in the middle. Colours at
     * equal distances from the middle are equally light, and each half is a straight line in Oklab.
     */
    DIVERGING("blue to red") {
        @Override
        Color colour(double part, ChartTheme theme) {
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
    };

    private static final double DARKEST_GREY = 0.18;
    private static final double LIGHTEST_GREY = 0.97;

    private final String title;

    ColourMap(String title) {
        this.title = title;
    }

    /** Returns the map's name for display. */
    public String title() {
        return title;
    }

    /** Returns the colour of a position within the range, from 0 to 1. */
    abstract Color colour(double part, ChartTheme theme);
}
