package org.layerwise.base.json;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Checks numbers in JSON files from untrusted sources. Jackson silently converts a number that does not fit its type
 * into another number, and it accepts the NaN and Infinity that Python writes.
 */
public final class JsonNumbers {

    private JsonNumbers() {}

    /** Returns true if a value is a whole number from {@code least} to {@code most}, with any number of digits. */
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

    /** Returns true if a value is a number that is finite in float32, the type in which models compute. */
    public static boolean isFloat(JsonNode value) {
        return value.isNumber() && Math.abs(value.doubleValue()) <= Float.MAX_VALUE;
    }
}
