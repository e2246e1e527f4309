package org.layerwise.base.setting;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.layerwise.base.UserException;

/** Reads settings and other values from the keys of a YAML file. Errors name the file and the key. */
public final class YamlSettings {

    private YamlSettings() {}

    /**
     * Returns the values of settings that a file contains.
     *
     * @param file file to name in errors
     * @param values values of the file by key; keys other than those of the settings are ignored
     * @throws UserException if a value is of another type or not allowed; the message names file and key
     */
    public static SettingValues read(
            Path file, Map<String, JsonNode> values, Collection<? extends Setting<?>> settings) {
        SettingValues read = SettingValues.none();
        for (Setting<?> setting : settings) {
            JsonNode value = values.get(setting.name());
            if (value != null) {
                read = with(read, setting, file, value);
            }
        }
        return read;
    }

    private static <T> SettingValues with(SettingValues read, Setting<T> setting, Path file, JsonNode value) {
        String shown = name(file, setting.name());
        return read.with(setting, setting.read(shown, text(file, setting, value)));
    }

    private static String text(Path file, Setting<?> setting, JsonNode value) {
        return switch (setting.type().kind()) {
            case FLAG -> flag(file, setting.name(), value);
            case WHOLE, NUMBER -> scalar(file, setting.name(), setting.type().expected(), value);
            case LIST -> list(file, setting.name(), value);
            case TEXT, CHOICE, FILE, FOLDER -> text(file, setting.name(), value);
        };
    }

    /** Returns the name of a key in messages: the file and the key in quotes. */
    public static String name(Path file, String key) {
        return "%s: \"%s\"".formatted(file, key);
    }

    /**
     * Returns the text of a single value.
     *
     * @throws UserException if the value is a list, a mapping, or true or false
     */
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
     * Returns the text of a number, or of a text that may be a number: YAML reads 1e-3 as text.
     *
     * @param expected noun phrase that follows "must be"
     * @throws UserException if the value is neither a number nor a text
     */
    private static String scalar(Path file, String key, String expected, JsonNode value) {
        requireSingle(file, key, value);
        if (value.isNumber() || value.isTextual()) {
            return value.asText();
        }
        throw wrong(file, key, expected, value);
    }

    /**
     * Returns the text of a whole number.
     *
     * @throws UserException if the value is not a whole number
     */
    public static String whole(Path file, String key, JsonNode value) {
        requireSingle(file, key, value);
        if (value.isIntegralNumber() || value.isTextual() && value.asText().matches("[+-]?\\d+")) {
            return value.asText();
        }
        throw wrong(file, key, "a whole number", value);
    }

    /**
     * Returns the text of a number. The number may be one that YAML reads as text, such as 1e-3, since YAML requires a
     * point in it.
     *
     * @throws UserException if the value is not a number
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

    /**
     * Returns {@code true} or {@code false} as text.
     *
     * @throws UserException if the value is neither true nor false
     */
    public static String flag(Path file, String key, JsonNode value) {
        requireSingle(file, key, value);
        if (!value.isBoolean()) {
            throw wrong(file, key, "true or false", value);
        }
        return value.asText();
    }

    /**
     * Returns a list as text with commas between its items. A single value is returned as it is.
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
