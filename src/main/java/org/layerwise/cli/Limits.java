package org.layerwise.cli;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/** Ranges of numbers on the command line. A number that was not given is in every range. */
final class Limits {

    private Limits() {}

    static void atLeast(String flag, @Nullable Integer value, int least) {
        if (value != null && value < least) {
            throw new UserException("%s must be at least %d, but is %d.".formatted(flag, least, value));
        }
    }

    static void atLeastZero(String flag, @Nullable Double value) {
        require(value == null || value >= 0, flag, value, "at least 0");
    }

    static void aboveZero(String flag, @Nullable Double value) {
        require(value == null || value > 0, flag, value, "above 0");
    }

    /** 0 up to 1, neither more nor less. */
    static void fraction(String flag, @Nullable Double value) {
        require(value == null || value >= 0 && value <= 1, flag, value, "between 0 and 1");
    }

    /** Above 0, up to 1. */
    static void share(String flag, @Nullable Double value) {
        require(value == null || value > 0 && value <= 1, flag, value, "above 0 and at most 1");
    }

    /** From 0 to below 1. */
    static void dropout(String flag, @Nullable Double value) {
        require(value == null || value >= 0 && value < 1, flag, value, "at least 0 and below 1");
    }

    static void finite(String flag, @Nullable Double value) {
        require(true, flag, value, "a finite number");
    }

    private static void require(boolean within, String flag, @Nullable Double value, String range) {
        if (value != null && (!within || !Double.isFinite(value))) {
            throw new UserException("%s must be %s, but is %s.".formatted(flag, range, shortest(value)));
        }
    }

    private static String shortest(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }
}
