package org.layerwise.model.quantization;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.layerwise.base.PlainText;
import org.layerwise.base.UserException;
import org.layerwise.base.json.JsonNumbers;

/**
 * Object {@code quantization_config} of a {@code config.json}.
 *
 * @param file path of the {@code config.json}, for messages
 */
record QuantizationConfig(Path file, JsonNode values) {

    /** Key of the object. */
    static final String KEY = "quantization_config";

    /** Key of the language model inside of a model that sees images. */
    static final String TEXT = "text_config";

    /** Key of the method in files of transformers. */
    private static final String METHOD = "quant_method";

    /** Maximum number of characters of a value in a message. */
    private static final int LONGEST = 60;

    private static final int LARGEST = 1 << 24;

    /**
     * Returns the object; empty if the weights are not quantised.
     *
     * @throws UserException if it is no object
     */
    static Optional<QuantizationConfig> of(Path file, JsonNode config) {
        JsonNode values =
                config.hasNonNull(KEY) ? config.path(KEY) : config.path(TEXT).path(KEY);
        if (values.isMissingNode() || values.isNull()) {
            return Optional.empty();
        }
        if (!values.isObject()) {
            throw new UserException("%s has a %s that is no object; copy or download it again.".formatted(file, KEY));
        }
        return Optional.of(new QuantizationConfig(file, values));
    }

    /** Returns the method in lower case; files of early bitsandbytes have none. */
    String method() {
        String fallback = flag("load_in_4bit") || flag("load_in_8bit") ? "bitsandbytes" : "unknown method";
        String method = text(METHOD, fallback).toLowerCase(Locale.ROOT);
        return method.isBlank() ? "no method" : method;
    }

    /** Returns a text; the fallback if it is missing or null. */
    String text(String key, String fallback) {
        JsonNode value = values.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return fallback;
        }
        if (!value.isTextual()) {
            throw wrong(key, value, "a text");
        }
        return value.textValue();
    }

    /** Returns a flag; false if it is missing or null. */
    boolean flag(String key) {
        JsonNode value = values.path(key);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            throw wrong(key, value, "true or false");
        }
        return value.booleanValue();
    }

    /** Returns a whole number from 1; empty if it is missing, null or -1, which stands for a whole row. */
    Optional<Integer> size(String key) {
        return size(values, key);
    }

    /**
     * Requires that a key is there.
     *
     * @throws UserException if it is missing or null
     */
    void require(String key) {
        if (!values.hasNonNull(key)) {
            throw new UserException(
                    "%s has no %s.%s, which says how its weights are packed; copy or download the file again."
                            .formatted(file, KEY, key));
        }
    }

    /** Returns a number of an object inside of this one, as {@link #size(String)} does. */
    Optional<Integer> size(JsonNode object, String key) {
        JsonNode value = object.path(key);
        if (value.isMissingNode() || value.isNull() || JsonNumbers.isWhole(value, -1, -1)) {
            return Optional.empty();
        }
        if (!JsonNumbers.isWhole(value, 1, LARGEST)) {
            throw wrong(key, value, "a whole number from 1 to " + LARGEST);
        }
        return Optional.of(value.intValue());
    }

    /** Returns two whole numbers from 1; an empty list if they are missing or null. */
    List<Integer> pair(String key) {
        return pair(values, key);
    }

    /** Returns numbers of an object inside of this one, as {@link #pair(String)} does. */
    List<Integer> pair(JsonNode object, String key) {
        JsonNode value = object.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        if (value.size() != 2
                || !JsonNumbers.isWhole(value.path(0), 1, LARGEST)
                || !JsonNumbers.isWhole(value.path(1), 1, LARGEST)) {
            throw wrong(key, value, "two whole numbers from 1 to " + LARGEST);
        }
        return List.of(value.path(0).intValue(), value.path(1).intValue());
    }

    /** Returns the exception for a value that is not possible. */
    UserException wrong(String key, JsonNode value, String allowed) {
        return new UserException("%s has %s.%s = %s; it must be %s; copy or download the file again."
                .formatted(file, KEY, key, PlainText.cut(value.toString(), LONGEST), allowed));
    }

    /**
     * Returns the exception for weights in a format that is not read.
     *
     * @param format name of the format
     */
    UserException refused(String format) {
        return new UserException(
                "The model of %s is quantised in a format that Layerwise does not read (%s: %s); use a checkpoint in 16 or 32 bits, or one quantised by bitsandbytes."
                        .formatted(file, KEY, PlainText.cut(format, LONGEST)));
    }
}
