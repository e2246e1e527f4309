package org.layerwise.chart;

import java.awt.Color;

/** Colours in a row, in which equal steps look equal. */
public enum ColourMap {
    /** From dark violet to yellow, matplotlib's default. */
    VIRIDIS("viridis") {
        @Override
        Color colour(double part, Theme theme) {
            return ColourTables.VIRIDIS.colour(part);
        }
    },
    /** From dark blue to yellow, alike for people with and without red-green blindness (arXiv 1712.01662). */
    CIVIDIS("cividis") {
        @Override
        Color colour(double part, Theme theme) {
            return ColourTables.CIVIDIS.colour(part);
        }
    },
    /** From black to white, for print without colours. */
    GREY("grey") {
        @Override
        Color colour(double part, Theme theme) {
            return new OkLab(DARKEST_GREY + (LIGHTEST_GREY - DARKEST_GREY) * part, 0, 0).colour();
        }
    },
    /**
     * From blue through what is near the background to red: for signed values, with 0 in the middle. Equally far from the
     * middle, both sides are equally light, and the way there is straight in Oklab.
     */
    DIVERGING("blue to red") {
        @Override
        Color colour(double part, Theme theme) {
            double side = 2 * part - 1;
            boolean light = theme == Theme.LIGHT;
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

    /** Its name for people. */
    public String title() {
        return title;
    }

    /** The colour of a part of the range, 0 to 1. */
    abstract Color colour(double part, Theme theme);
}
