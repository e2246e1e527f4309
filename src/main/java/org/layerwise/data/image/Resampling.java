package org.layerwise.data.image;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** Filters of Pillow, by their numbers in {@code resample} of a {@code preprocessor_config.json}. */
enum Resampling {
    NEAREST(0, 0, distance -> {
        throw new UnsupportedOperationException("the nearest pixel is taken whole");
    }),
    // includes -3 and excludes 3, as in Pillow
    LANCZOS(1, 3, distance -> distance >= -3 && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0),
    BILINEAR(2, 1, distance -> Math.max(0, 1 - Math.abs(distance))),
    BICUBIC(3, 2, distance -> cubic(Math.abs(distance))),
    BOX(4, 0.5, distance -> distance > -0.5 && distance <= 0.5 ? 1 : 0),
    HAMMING(5, 1, distance -> hamming(Math.abs(distance)));

    private static final double CUBIC_A = -0.5;

    private final int number;
    private final double support;
    private final DoubleUnaryOperator weight;

    Resampling(int number, double support, DoubleUnaryOperator weight) {
        this.number = number;
        this.support = support;
        this.weight = weight;
    }

    /** Returns the filter of a number; empty if Pillow has none. */
    static Optional<Resampling> of(int number) {
        return Arrays.stream(values()).filter(each -> each.number == number).findFirst();
    }

    /** Returns the radius of the filter, in pixels of the larger image; 0 for {@link #NEAREST}. */
    double support() {
        return support;
    }

    /** Returns the weight of a pixel at a distance from the centre; 0 beyond the support. */
    double weight(double distance) {
        return weight.applyAsDouble(distance);
    }

    /** Returns the weight of Keys' cubic with a = -0.5. */
    private static double cubic(double x) {
        if (x < 1) {
            return ((CUBIC_A + 2) * x - (CUBIC_A + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * CUBIC_A : 0;
    }

    private static double hamming(double x) {
        if (x == 0) {
            return 1;
        }
        return x >= 1 ? 0 : Math.sin(x * Math.PI) / (x * Math.PI) * (0.54 + 0.46 * Math.cos(x * Math.PI));
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
    }
}
