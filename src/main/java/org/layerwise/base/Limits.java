package org.layerwise.base;

import org.jspecify.annotations.Nullable;

/**
 * Checks ranges of numbers in settings. Null, a number that was not given, is in every range. The {@code name} in an
 * error message is a flag, or a file and a key.
 */
public final class Limits {

    /**
     * Maximum number of layers of a model: several times that of the deepest models, and small enough for tables of
     * layers by layers.
     */
    public static final int MOST_LAYERS = 4096;

    private Limits() {}

    public static void atLeast(String name, @Nullable Integer value, int least) {
        if (value != null && value < least) {
            throw new UserException("%s must be at least %s, but is %s.".formatted(name, least, value));
        }
    }

    /**
     * Requires a number above 0 and at most a million. Larger numbers overflow float32 during training, and nothing is
     * learnt.
     */
    public static void aboveZeroWithinReason(String name, @Nullable Double value) {
        require(value == null || value > 0 && value <= 1_000_000, name, value, "above 0 and at most 1000000");
    }

    public static void between(String name, @Nullable Integer value, int least, int most) {
        if (value != null && (value < least || value > most)) {
            throw new UserException("%s must be from %s to %s, but is %s.".formatted(name, least, most, value));
        }
    }

    /** Requires a number above 0 and at most 1. */
    public static void share(String name, @Nullable Double value) {
        require(value == null || value > 0 && value <= 1, name, value, "above 0 and at most 1");
    }

    /** Requires a number of at least 0 and below 1. */
    public static void dropout(String name, @Nullable Double value) {
        require(value == null || value >= 0 && value < 1, name, value, "at least 0 and below 1");
    }

    public static void finite(String name, @Nullable Double value) {
        require(true, name, value, "a finite number");
    }

    private static void require(boolean within, String name, @Nullable Double value, String range) {
        if (value != null && (!within || !Double.isFinite(value))) {
            throw new UserException("%s must be %s, but is %s.".formatted(name, range, shortest(value)));
        }
    }

    private static String shortest(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }
}
