package org.layerwise.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.layerwise.base.UserException;

/** Values in a YAML file of settings as the texts that flags would have, or a sentence on what is wrong with them. */
public final class YamlValues {

    private YamlValues() {}

    /** How a key is named in sentences about it. */
    public static String name(Path file, String key) {
        return "%s: \"%s\"".formatted(file, key);
    }

    /** @throws UserException if it is a list, settings of its own, or true or false */
    public static String text(Path file, String key, JsonNode value) {
        if (value.isArray()) {
            throw wrong(file, key, "a single value", value);
        }
        if (value.isObject() || value.isBoolean() || value.isBinary()) {
            throw wrong(file, key, "a text", value);
        }
        return value.asText();
    }

    /**
     * Returns the text of a number or of a text, which may be a number: YAML takes 1e-3 for a text.
     *
     * @param expected noun phrase that follows "must be"
     * @throws UserException if it is neither
     */
    static String scalar(Path file, String key, String expected, JsonNode value) {
        requireSingle(file, key, value);
        if (value.isNumber() || value.isTextual()) {
            return value.asText();
        }
        throw wrong(file, key, expected, value);
    }

    /** @throws UserException if it is no whole number */
    public static String whole(Path file, String key, JsonNode value) {
        requireSingle(file, key, value);
        if (value.isIntegralNumber() || value.isTextual() && value.asText().matches("[+-]?\\d+")) {
            return value.asText();
        }
        throw wrong(file, key, "a whole number", value);
    }

    /**
     * A number, also one that YAML takes for a text: 1e-3, since YAML wants a point in it.
     *
     * @throws UserException if it is no number
     */
    public static String number(Path file, String key, JsonNode value) {
        requireSingle(file, key, value);
        if (value.isNumber()) {
            return value.asText();
        }
        try {
            if (value.isTextual()) {
                return new BigDecimal(value.asText()).toString();
            }
        } catch (NumberFormatException e) {
            throw wrong(file, key, "a number", value);
        }
        throw wrong(file, key, "a number", value);
    }

    /** @throws UserException if it is neither true nor false */
    public static String flag(Path file, String key, JsonNode value) {
        requireSingle(file, key, value);
        if (!value.isBoolean()) {
            throw wrong(file, key, "true or false", value);
        }
        return value.asText();
    }

    /**
     * A list, or the text that it would be with commas between.
     *
     * @throws UserException if an item is neither a name nor a number
     */
    public static String list(Path file, String key, JsonNode value) {
        if (!value.isArray()) {
            return text(file, key, value);
        }
        List<String> items = new ArrayList<>();
        for (JsonNode item : value) {
            if (!item.isTextual() && !item.isNumber()) {
                throw wrong(file, key, "a list of names or numbers", value);
            }
            items.add(item.asText());
        }
        return String.join(",", items);
    }

    private static void requireSingle(Path file, String key, JsonNode value) {
        if (value.isArray()) {
            throw wrong(file, key, "a single value", value);
        }
    }

    private static UserException wrong(Path file, String key, String expected, JsonNode value) {
        return new UserException("%s must be %s, but is %s."
                .formatted(name(file, key), expected, value.isTextual() ? "\"" + value.asText() + "\"" : value));
    }
}
