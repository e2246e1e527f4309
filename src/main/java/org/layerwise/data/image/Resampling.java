package org.layerwise.data.image;

import java.util.Arrays;
import java.util.Optional;

/** Filters of Pillow, by their numbers in {@code resample} of a {@code preprocessor_config.json}. */
enum Resampling {
    NEAREST(0, 0) {
        @Override
        double weight(double distance) {
            throw new UnsupportedOperationException("the nearest pixel is taken whole");
        }
    },
    LANCZOS(1, 3) {
        @Override
        double weight(double distance) {
            // includes -3 and excludes 3, as in Pillow
            return distance >= -3 && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0;
        }
    },
    BILINEAR(2, 1) {
        @Override
        double weight(double distance) {
            return Math.max(0, 1 - Math.abs(distance));
        }
    },
    BICUBIC(3, 2) {
        @Override
        double weight(double distance) {
            // Keys' cubic with a = -0.5
            double x = Math.abs(distance);
            if (x < 1) {
                return ((CUBIC_A + 2) * x - (CUBIC_A + 3)) * x * x + 1;
            }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * CUBIC_A : 0;
        }
    },
    BOX(4, 0.5) {
        @Override
        double weight(double distance) {
            return distance > -0.5 && distance <= 0.5 ? 1 : 0;
        }
    },
    HAMMING(5, 1) {
        @Override
        double weight(double distance) {
            double x = Math.abs(distance);
            if (x == 0) {
                return 1;
            }
            return x >= 1 ? 0 : Math.sin(x * Math.PI) / (x * Math.PI) * (0.54 + 0.46 * Math.cos(x * Math.PI));
        }
    };

    private static final double CUBIC_A = -0.5;

    private final int number;
    private final double support;

    Resampling(int number, double support) {
        this.number = number;
        this.support = support;
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
    abstract double weight(double distance);

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
    }
}
