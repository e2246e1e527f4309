package org.layerwise.base;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads numbers of a JSON file that people may have edited. A value of another type or range is refused by name and never turned
 * into a number, as Jackson's {@code asInt} turns {@code "x"} into 0.
 *
 * @param file named in errors
 * @param advice the sentence that ends an error, with its full stop
 */
public record NumberReader(Path file, String advice) {

    /** Characters of a value in an error. */
    private static final int LONGEST = 60;

    /** Jackson writes what is not finite as text. */
    private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

    /**
     * Reads a whole number.
     *
     * @return from 0 to 2³¹ - 1; 0 where the file is silent
     * @throws UserException if it is anything else
     */
    public int count(JsonNode object, String key) {
        return (int) size(object, key, Integer.MAX_VALUE);
    }

    /**
     * Reads a whole number that must be there.
     *
     * @throws UserException if it is missing, or none from 0 to 2³¹ - 1
     */
    public int requiredCount(JsonNode object, String key) {
        if (!object.hasNonNull(key)) {
            throw new UserException("%s does not say \"%s\". %s".formatted(file, key, advice));
        }
        return count(object, key);
    }

    /**
     * Reads a whole number that must be there and is not above another.
     *
     * @throws UserException if it is missing, or none from 0 to {@code most}
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
     * @return from 0 to 2⁶³ - 1; 0 where the file is silent
     * @throws UserException if it is anything else
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
     * @return from -2⁶³ to 2⁶³ - 1; {@code otherwise} where the file is silent
     * @throws UserException if it is anything else
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
     * @return each from 0 to 2³¹ - 1; empty where the file is silent
     * @throws UserException if it is anything else
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
     * Reads a number that is finite in float64.
     *
     * @throws UserException if it is anything else
     */
    public double finite(JsonNode value, String key) {
        if (!JsonNumbers.isFinite(value)) {
            throw refused(value, key, "a finite number");
        }
        return value.doubleValue();
    }

    /** Reads such a number of an object; {@code otherwise} where the file is silent. */
    public double finite(JsonNode object, String key, double otherwise) {
        return object.hasNonNull(key) ? finite(object.path(key), key) : otherwise;
    }

    /**
     * Reads a number that may be NaN or infinite, such as the loss of a training that diverged.
     *
     * @return {@code otherwise} where the file is silent
     * @throws UserException if it is anything else
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

    /** Reads a number of seconds or the like: finite and at least 0; 0 where the file is silent. */
    public double amount(JsonNode object, String key) {
        double value = finite(object, key, 0);
        if (value < 0) {
            throw refused(object.path(key), key, "a number of at least 0");
        }
        return value;
    }

    /** Reads a factor: finite and above 0; {@code otherwise} where the file is silent. */
    public double factor(JsonNode object, String key, double otherwise) {
        double value = finite(object, key, otherwise);
        if (value <= 0) {
            throw refused(object.path(key), key, "a number above 0");
        }
        return value;
    }

    /**
     * Reads a yes or no.
     *
     * @return false where the file is silent
     * @throws UserException if it is anything else
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
