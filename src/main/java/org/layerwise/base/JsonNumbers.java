package org.layerwise.base;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Checks of numbers in JSON files that may come from anywhere. Jackson turns a number that does not fit silently into another one, and
 * reads the NaN and Infinity that Python writes.
 */
public final class JsonNumbers {

    private JsonNumbers() {}

    /** Returns true if a value is a whole number from {@code least} to {@code most}, however many digits it has. */
    public static boolean isWhole(JsonNode value, long least, long most) {
        return value.isIntegralNumber()
                && value.canConvertToLong()
                && value.longValue() >= least
                && value.longValue() <= most;
    }

    /** Returns true if a value is a number that is finite in float64. */
    public static boolean isFinite(JsonNode value) {
        return value.isNumber() && Double.isFinite(value.doubleValue());
    }

    /** Returns true if a value is a number that is finite in float32, in which models compute. */
    public static boolean isFloat(JsonNode value) {
        return value.isNumber() && Math.abs(value.doubleValue()) <= Float.MAX_VALUE;
    }
}
