package org.layerwise.base.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.layerwise.base.PlainText;
import org.layerwise.base.UserException;

/**
 * Reads numbers of a JSON file that people may have edited. A value of another type or range is refused with the name
 * of its key. It is never converted to a number, as Jackson's {@code asInt} converts {@code "x"} to 0.
 *
 * @param file file to name in errors
 * @param advice last sentence of an error, with its full stop
 */
public record NumberReader(Path file, String advice) {

    /** Maximum number of characters of a value in an error. */
    private static final int LONGEST = 60;

    /** Texts that Jackson writes for numbers that are not finite. */
    private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

    /**
     * Reads a whole number.
     *
     * @return number from 0 to 2³¹ - 1; 0 if the key is missing
     * @throws UserException if the value is anything else
     */
    public int count(JsonNode object, String key) {
        return (int) size(object, key, Integer.MAX_VALUE);
    }

    /**
     * Reads a required whole number.
     *
     * @throws UserException if the key is missing, or its value is not a whole number from 0 to 2³¹ - 1
     */
    public int requiredCount(JsonNode object, String key) {
        if (!object.hasNonNull(key)) {
            throw new UserException("%s does not say \"%s\". %s".formatted(file, key, advice));
        }
        return count(object, key);
    }

    /**
     * Reads a required whole number with an upper limit.
     *
     * @throws UserException if the key is missing, or its value is not a whole number from 0 to {@code most}
     */
    public int requiredCount(JsonNode object, String key, int most) {
        int value = requiredCount(object, key);
        if (value > most) {
            throw refused(object.path(key), key, "a whole number from 0 to " + most);
        }
        return value;
    }

    /**
     * Reads a number of bytes or parameters.
     *
     * @return number from 0 to 2⁶³ - 1; 0 if the key is missing
     * @throws UserException if the value is anything else
     */
    public long size(JsonNode object, String key) {
        return size(object, key, Long.MAX_VALUE);
    }

    private long size(JsonNode object, String key, long most) {
        JsonNode value = object.path(key);
        if (!object.hasNonNull(key)) {
            return 0;
        }
        if (!JsonNumbers.isWhole(value, 0, most)) {
            throw refused(value, key, "a whole number of at least 0");
        }
        return value.longValue();
    }

    /**
     * Reads a seed.
     *
     * @return number from -2⁶³ to 2⁶³ - 1; {@code otherwise} if the key is missing
     * @throws UserException if the value is anything else
     */
    public long seed(JsonNode object, String key, long otherwise) {
        JsonNode value = object.path(key);
        if (!object.hasNonNull(key)) {
            return otherwise;
        }
        if (!JsonNumbers.isWhole(value, Long.MIN_VALUE, Long.MAX_VALUE)) {
            throw refused(value, key, "a whole number of 64 bits");
        }
        return value.longValue();
    }

    /**
     * Reads a list of whole numbers.
     *
     * @return numbers from 0 to 2³¹ - 1; empty if the key is missing
     * @throws UserException if the value is anything else
     */
    public List<Integer> counts(JsonNode object, String key) {
        JsonNode list = object.path(key);
        if (!object.hasNonNull(key)) {
            return List.of();
        }
        List<Integer> counts = new ArrayList<>();
        for (JsonNode value : list) {
            if (!JsonNumbers.isWhole(value, 0, Integer.MAX_VALUE)) {
                throw refused(value, key, "a whole number of at least 0");
            }
            counts.add(value.intValue());
        }
        if (!list.isArray()) {
            throw refused(list, key, "a list of whole numbers");
        }
        return counts;
    }

    /**
     * Returns a value as a number that is finite in float64.
     *
     * @throws UserException if the value is anything else
     */
    public double finite(JsonNode value, String key) {
        if (!JsonNumbers.isFinite(value)) {
            throw refused(value, key, "a finite number");
        }
        return value.doubleValue();
    }

    /**
     * Reads a number that is finite in float64.
     *
     * @return number; {@code otherwise} if the key is missing
     * @throws UserException if the value is anything else
     */
    public double finite(JsonNode object, String key, double otherwise) {
        return object.hasNonNull(key) ? finite(object.path(key), key) : otherwise;
    }

    /**
     * Reads a number that may be NaN or infinite, such as the loss of a training that diverged.
     *
     * @return number; {@code otherwise} if the key is missing
     * @throws UserException if the value is anything else
     */
    public double number(JsonNode object, String key, double otherwise) {
        JsonNode value = object.path(key);
        if (!object.hasNonNull(key)) {
            return otherwise;
        }
        if (value.isTextual() && NOT_FINITE.contains(value.textValue())) {
            return Double.parseDouble(value.textValue());
        }
        if (!value.isNumber()) {
            throw refused(value, key, "a number");
        }
        return value.doubleValue();
    }

    /**
     * Reads an amount, such as a number of seconds.
     *
     * @return finite number of at least 0; 0 if the key is missing
     * @throws UserException if the value is anything else
     */
    public double amount(JsonNode object, String key) {
        double value = finite(object, key, 0);
        if (value < 0) {
            throw refused(object.path(key), key, "a number of at least 0");
        }
        return value;
    }

    /**
     * Reads a factor.
     *
     * @return finite number above 0; {@code otherwise} if the key is missing
     * @throws UserException if the value is anything else
     */
    public double factor(JsonNode object, String key, double otherwise) {
        double value = finite(object, key, otherwise);
        if (value <= 0) {
            throw refused(object.path(key), key, "a number above 0");
        }
        return value;
    }

    /**
     * Reads a boolean.
     *
     * @return value; false if the key is missing
     * @throws UserException if the value is anything else
     */
    public boolean flag(JsonNode object, String key) {
        JsonNode value = object.path(key);
        if (!object.hasNonNull(key)) {
            return false;
        }
        if (!value.isBoolean()) {
            throw refused(value, key, "true or false");
        }
        return value.booleanValue();
    }

    private UserException refused(JsonNode value, String key, String expected) {
        return new UserException("%s has %s for \"%s\"; %s is expected. %s"
                .formatted(file, PlainText.cut(Json.line(value), LONGEST), key, expected, advice));
    }
}
