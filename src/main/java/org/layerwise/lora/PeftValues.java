package org.layerwise.lora;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.JsonNumbers;
import org.layerwise.model.TargetModules;

/**
 * Values of an {@code adapter_config.json}, each checked for its type.
 *
 * @param file path of the file, for messages
 */
record PeftValues(Path file, JsonNode json) {

    private boolean absent(String key) {
        return json.path(key).isMissingNode() || json.path(key).isNull();
    }

    void requireEmpty(String key) {
        JsonNode value = json.path(key);
        boolean off = value.isContainerNode() ? value.isEmpty() : value.isBoolean() && !value.booleanValue();
        if (!absent(key) && !off) {
            throw new UserException("%s has %s, which Layerwise does not support.".formatted(file, key));
        }
    }

    void requireKnown(String key, Set<String> known) {
        if (!absent(key) && !known.contains(json.path(key).asText())) {
            throw new UserException("%s has %s = %s, which Layerwise does not support."
                    .formatted(file, key, Json.line(json.path(key))));
        }
    }

    /** Reads a boolean; false if the key is missing. PEFT takes any text as true. */
    boolean flag(String key) {
        JsonNode value = json.path(key);
        if (!absent(key) && !value.isBoolean()) {
            throw new UserException(
                    "%s has %s = %s; true or false is expected.".formatted(file, key, Json.line(value)));
        }
        return value.booleanValue();
    }

    /** Returns a text, or null if the value is missing or no text. */
    @Nullable
    String text(String key) {
        return json.path(key).isTextual() ? json.path(key).asText() : null;
    }

    /** Returns a text or boolean as a word; {@code true} if the key is missing. */
    String word(String key) {
        return absent(key) ? "true" : json.path(key).asText();
    }

    Bias bias() {
        String word = json.path("bias").asText(Bias.NONE.id());
        return Arrays.stream(Bias.values())
                .filter(bias -> bias.id().equals(word))
                .findFirst()
                .orElseThrow(() -> new UserException(
                        "%s has bias = \"%s\"; none, all or lora_only is expected.".formatted(file, word)));
    }

    int positive(String key, int usual) {
        return absent(key) ? usual : positive(key, json.path(key));
    }

    private int positive(String key, JsonNode value) {
        if (!JsonNumbers.isWhole(value, 1, Integer.MAX_VALUE)) {
            throw new UserException(
                    "%s has %s = %s; a whole number of at least 1 is expected.".formatted(file, key, value));
        }
        return value.intValue();
    }

    double alpha(String key, double usual) {
        return absent(key) ? usual : alpha(key, json.path(key));
    }

    private double alpha(String key, JsonNode value) {
        if (!value.isNumber()) {
            throw new UserException("%s has %s = %s; a number is expected.".formatted(file, key, value));
        }
        Limits.aboveZeroWithinReason("%s: %s".formatted(file, key), value.doubleValue());
        return value.doubleValue();
    }

    double dropout(String key) {
        if (absent(key)) {
            return 0;
        }
        if (!json.path(key).isNumber()) {
            throw new UserException("%s has %s = %s; a number is expected.".formatted(file, key, json.path(key)));
        }
        Limits.dropout("%s: %s".formatted(file, key), json.path(key).doubleValue());
        return json.path(key).doubleValue();
    }

    /** Returns the texts of a list, or a single text; an empty list if the key is missing. */
    List<String> texts(String key) {
        if (json.path(key).isTextual()) {
            throw new UserException(
                    "%s has %s = %s; a list of names is expected.".formatted(file, key, Json.line(json.path(key))));
        }
        return strings(key);
    }

    List<String> strings(String key) {
        JsonNode value = json.path(key);
        if (value.isTextual()) {
            return List.of(value.asText());
        }
        if (!absent(key) && !(value.isArray() && allTexts(value))) {
            throw new UserException(
                    "%s has %s = %s; a list of names is expected.".formatted(file, key, Json.line(value)));
        }
        List<String> texts = new ArrayList<>();
        value.elements().forEachRemaining(element -> texts.add(element.asText()));
        return texts;
    }

    private static boolean allTexts(JsonNode list) {
        for (JsonNode element : list) {
            if (!element.isTextual()) {
                return false;
            }
        }
        return true;
    }

    /** Returns modules from a list of names, or from one text, which is a regular expression. */
    List<String> modules(String key) {
        JsonNode value = json.path(key);
        return value.isTextual() ? TargetModules.ofText(value.asText()).names() : strings(key);
    }

    Map<String, Integer> ranks(String key) {
        Map<String, Integer> ranks = new LinkedHashMap<>();
        pattern(key).forEach((name, value) -> ranks.put(name, positive(key + "." + name, value)));
        return ranks;
    }

    Map<String, Double> alphas(String key) {
        Map<String, Double> alphas = new LinkedHashMap<>();
        pattern(key).forEach((name, value) -> alphas.put(name, alpha(key + "." + name, value)));
        return alphas;
    }

    private Map<String, JsonNode> pattern(String key) {
        JsonNode value = json.path(key);
        if (!absent(key) && !value.isObject()) {
            throw new UserException("%s has %s = %s; an object of names and numbers is expected."
                    .formatted(file, key, Json.line(value)));
        }
        return value.properties().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, (first, second) -> second, LinkedHashMap::new));
    }
}
