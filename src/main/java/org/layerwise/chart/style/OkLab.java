package org.layerwise.chart.style;

import java.awt.Color;

/**
 * Colour in Oklab (Ottosson, "A perceptual color space for image processing", 2020), in which equal distances look
 * equally large.
 *
 * @param lightness lightness from 0 (black) to 1 (white)
 * @param a position from green to red
 * @param b position from blue to yellow
 */
record OkLab(double lightness, double a, double b) {

    /** Converts an sRGB colour. */
    static OkLab of(Color colour) {
        double red = linear(colour.getRed());
        double green = linear(colour.getGreen());
        double blue = linear(colour.getBlue());
        double l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
        double m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
        double s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
        return new OkLab(
                0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
                1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
                0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s);
    }

    /**
     * Creates a colour from lightness, chroma and hue.
     *
     * @param hue angle in degrees
     */
    static OkLab polar(double lightness, double chroma, double hue) {
        double angle = Math.toRadians(hue);
        return new OkLab(lightness, chroma * Math.cos(angle), chroma * Math.sin(angle));
    }

    /**
     * Returns the colour at a fraction of the straight line to another colour.
     *
     * @param part fraction of the distance, from 0 (this colour) to 1 (the other colour)
     */
    OkLab towards(OkLab other, double part) {
        return new OkLab(
                lightness + (other.lightness - lightness) * part, a + (other.a - a) * part, b + (other.b - b) * part);
    }

    /** Converts to sRGB. Clips values that a screen cannot show. */
    Color colour() {
        double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
        double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
        double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
        return new Color(
                encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
                encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
                encoded(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
    }

    private static double cube(double value) {
        return value * value * value;
    }

    private static double linear(int channel) {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    private static int encoded(double linear) {
        double value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.pow(linear, 1 / 2.4) - 0.055;
        return (int) Math.round(255 * Math.max(0, Math.min(1, value)));
    }
}
