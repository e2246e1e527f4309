package org.layerwise.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;
import org.layerwise.base.json.JsonNumbers;
import org.layerwise.model.config.Activation;
import org.layerwise.model.config.ClassNameLimit;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.quantization.QuantizationFormats;

/**
 * Reads values of a {@code config.json}. A missing key has the default of HuggingFace's configuration class; an
 * unsupported value is refused by name. {@code null} counts as a missing key unless a method says otherwise.
 */
record ConfigReader(Path file, JsonNode config, String prefix, OptionalDouble dropout) {

    // far above the sizes of any model; the product of two sizes stays within an int
    private static final int LARGEST = 1 << 24;
    private static final double LARGEST_EPSILON = 1;
    private static final int MOST_HEADS = 1 << 12;
    private static final int LARGEST_HEAD = 1 << 14;
    private static final int MOST_LABELS = 1 << 20;
    private static final long MOST_IDS = LARGEST;

    /** Order in which 8 and 8.0 are the same. */
    private static final Comparator<JsonNode> SAME_NUMBERS = (one, other) ->
            one.equals(other) || one.isNumber() && other.isNumber() && one.doubleValue() == other.doubleValue() ? 0 : 1;

    ConfigReader(Path file, JsonNode config) {
        this(file, config, "", OptionalDouble.empty());
    }

    /** Returns a reader that reads one probability for every dropout, whatever the file says. */
    ConfigReader withDropout(double probability) {
        return new ConfigReader(file, config, prefix, OptionalDouble.of(probability));
    }

    /** Returns the object under a key; an empty object if the key is missing. */
    ConfigReader part(String key) {
        JsonNode value = config.path(key);
        if (isSet(key) && !value.isObject()) {
            throw unfit(key, "an object");
        }
        return new ConfigReader(file, isSet(key) ? value : MissingNode.getInstance(), name(key) + ".", dropout);
    }

    /** Returns a reader of an empty object. */
    ConfigReader nothing() {
        return new ConfigReader(file, MissingNode.getInstance(), prefix, dropout);
    }

    /** Returns true if the object that is read is missing. */
    boolean isMissing() {
        return config.isMissingNode();
    }

    /** Returns the key of the object that is read, such as {@code rope_scaling}. */
    String place() {
        return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    }

    /** Returns the keys that are present and not null. */
    List<String> keys() {
        List<String> keys = new ArrayList<>();
        config.fieldNames().forEachRemaining(keys::add);
        keys.removeIf(this::isNull);
        return keys;
    }

    /** Refuses keys that are present and are not among the known ones. */
    void requireKeys(Set<String> known) {
        for (String key : keys()) {
            if (!known.contains(key)) {
                throw refused("has %s, which Layerwise does not support for %s models.".formatted(name(key), family()));
            }
        }
    }

    /** Refuses a value that contradicts another one. A key that is not set contradicts nothing. */
    void requireSame(String key, ConfigReader other, String otherKey) {
        JsonNode here = config.path(key);
        JsonNode there = other.config.path(otherKey);
        if (isSet(key) && other.isSet(otherKey) && !here.equals(SAME_NUMBERS, there)) {
            throw refused("has %s = %s and %s = %s, two names of one setting; remove the wrong one."
                    .formatted(name(key), shown(here), other.name(otherKey), shown(there)));
        }
    }

    /** Returns true if a key is present and not null. */
    boolean isSet(String key) {
        return !config.path(key).isMissingNode() && !config.path(key).isNull();
    }

    /** Returns true if a key is present and null, for keys whose null differs from a missing key. */
    boolean isNull(String key) {
        return config.path(key).isNull();
    }

    /**
     * Returns the first of several synonymous keys that is set; the first key if none is.
     *
     * @throws UserException if two of the keys have different values, of which Python's class takes one silently
     */
    String oneOf(String... keys) {
        String first = firstOf(keys);
        for (String key : keys) {
            requireSame(first, this, key);
        }
        return first;
    }

    /** Returns the first of several keys that is set; the first key if none is. */
    String firstOf(String... keys) {
        for (String key : keys) {
            if (isSet(key)) {
                return key;
            }
        }
        return keys[0];
    }

    int layers(String key, int fallback) {
        return positive(key, fallback, Limits.MOST_LAYERS);
    }

    int heads(String key, int fallback) {
        return positive(key, fallback, MOST_HEADS);
    }

    int headSize(String key, int fallback) {
        return positive(key, fallback, LARGEST_HEAD);
    }

    int positive(String key, int fallback) {
        return positive(key, fallback, LARGEST);
    }

    /** Reads a whole number from 1 to {@code most}. */
    int positive(String key, int fallback, int most) {
        return value(
                key,
                fallback,
                value -> JsonNumbers.isWhole(value, 1, most),
                "a whole number from 1 to " + most,
                JsonNode::intValue);
    }

    /** Reads a value of one form; returns the fallback if the key is missing. */
    private <T> T value(String key, T fallback, Predicate<JsonNode> fits, String expected, Function<JsonNode, T> read) {
        if (!isSet(key)) {
            return fallback;
        }
        if (!fits.test(config.path(key))) {
            throw unfit(key, expected);
        }
        return read.apply(config.path(key));
    }

    private UserException unfit(String key, String expected) {
        return new UserException(
                "%s has %s = %s; %s is expected.".formatted(file, name(key), shown(config.path(key)), expected));
    }

    /** Reads a whole number of at least 0. */
    int count(String key, int fallback) {
        JsonNode value = config.path(key);
        return JsonNumbers.isWhole(value, 0, 0) ? 0 : positive(key, fallback);
    }

    /** Reads a positive number that null switches off; null differs from a missing key. */
    OptionalInt window(String key, OptionalInt whenSilent) {
        JsonNode value = config.path(key);
        if (value.isMissingNode()) {
            return whenSilent;
        }
        return isNull(key) ? OptionalInt.empty() : OptionalInt.of(positive(key, 1));
    }

    /** Reads a whole number of any sign; returns the default if the number is not above 0. */
    int positiveOr(String key, int fallback) {
        JsonNode value = config.path(key);
        return JsonNumbers.isWhole(value, Long.MIN_VALUE, 0) ? fallback : positive(key, fallback);
    }

    /**
     * Reads a token id; returns the fallback if the key is missing. Some checkpoints write -1 for no id.
     *
     * @param vocabulary size of the vocabulary, above all ids
     */
    OptionalLong tokenId(String key, OptionalLong fallback, int vocabulary) {
        JsonNode value = config.path(key);
        boolean silent = !isSet(key) || JsonNumbers.isWhole(value, -1, -1);
        OptionalLong id = silent
                ? fallback
                : OptionalLong.of(JsonNumbers.isWhole(value, 0, MOST_IDS) ? value.longValue() : MOST_IDS);
        if (id.isPresent() && id.getAsLong() >= vocabulary) {
            throw new UserException("%s has %s = %s; a token id from 0 to %s is expected."
                    .formatted(file, name(key), silent ? id.getAsLong() : shown(value), vocabulary - 1));
        }
        return id;
    }

    long tokenId(String key, long fallback, int vocabulary) {
        return tokenId(key, OptionalLong.of(fallback), vocabulary).orElseThrow();
    }

    double number(String key, double fallback) {
        return value(key, fallback, JsonNumbers::isFloat, "a number", JsonNode::doubleValue);
    }

    /** Reads a number that null switches off; returns 0 for null. */
    double numberOrOff(String key, double whenSilent) {
        return isNull(key) ? 0 : number(key, whenSilent);
    }

    /** Reads a number above 0. */
    double above0(String key, double fallback) {
        double value = number(key, fallback);
        if (value <= 0) {
            throw unfit(key, "a number above 0");
        }
        return value;
    }

    /** Reads the epsilon that a norm adds to a variance: above 0 and at most 1. */
    double epsilon(String key, double fallback) {
        double value = above0(key, fallback);
        if (value > LARGEST_EPSILON) {
            throw unfit(key, "a number above 0 and at most " + plain(LARGEST_EPSILON));
        }
        return value;
    }

    /** Reads a number above 0 whose key must be present. */
    double requiredAbove0(String key) {
        if (!isSet(key)) {
            throw new UserException("%s lacks %s, which is needed.".formatted(file, name(key)));
        }
        return above0(key, 1);
    }

    /** Reads the probability of a dropout, from 0 to below 1. */
    double dropout(String key, double fallback) {
        double value = number(key, fallback);
        if (value < 0 || value >= 1) {
            throw unfit(key, "a probability from 0 to below 1");
        }
        return dropout.orElse(value);
    }

    boolean flag(String key, boolean fallback) {
        return value(key, fallback, JsonNode::isBoolean, "true or false", JsonNode::booleanValue);
    }

    String text(String key, String fallback) {
        return value(key, fallback, JsonNode::isTextual, "a text", JsonNode::asText);
    }

    /** Reads texts from a list, or from one text with vertical bars between them. */
    List<String> texts(String key) {
        if (!isSet(key)) {
            return List.of();
        }
        JsonNode value = config.path(key);
        if (value.isTextual()) {
            return List.of(value.asText().split("\\|"));
        }
        if (!value.isArray()
                || !StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isTextual)) {
            throw unfit(key, "a list of texts");
        }
        return StreamSupport.stream(value.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** Reads a list of {@code size} numbers above 0. */
    List<Double> numbers(String key, int size) {
        JsonNode value = config.path(key);
        List<Double> numbers = new ArrayList<>();
        value.forEach(number -> numbers.add(JsonNumbers.isFloat(number) ? number.doubleValue() : -1));
        if (!value.isArray() || numbers.size() != size || numbers.stream().anyMatch(number -> !(number > 0))) {
            throw unfit(key, "a list of %s numbers above 0".formatted(size));
        }
        return List.copyOf(numbers);
    }

    /** Reads a whole number, or a list of whole numbers. */
    List<Integer> wholeNumbers(String key, int fallback) {
        if (!isSet(key)) {
            return List.of(fallback);
        }
        JsonNode value = config.path(key);
        List<Integer> numbers = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(number -> addInteger(key, number, numbers));
        } else {
            addInteger(key, value, numbers);
        }
        return List.copyOf(numbers);
    }

    private void addInteger(String key, JsonNode number, List<Integer> numbers) {
        if (!JsonNumbers.isWhole(number, Integer.MIN_VALUE, Integer.MAX_VALUE)) {
            throw unfit(key, "a whole number or a list of them");
        }
        numbers.add(number.intValue());
    }

    Activation activation(String key, String fallback) {
        String name = text(key, fallback);
        return Activation.named(name)
                .orElseThrow(() -> new UserException("%s has %s = \"%s\", an activation that Layerwise does not have."
                        .formatted(file, name(key), name)));
    }

    /** Reads a text and refuses any value except the supported ones. */
    String requireText(String key, String fallback, String... possible) {
        String value = text(key, fallback);
        if (!List.of(possible).contains(value)) {
            throw new UserException("%s has %s = \"%s\"; Layerwise supports only %s for %s models."
                    .formatted(file, name(key), value, "\"" + String.join("\", \"", possible) + "\"", family()));
        }
        return value;
    }

    /** Refuses a switch that is on. */
    void requireOff(String... keys) {
        for (String key : keys) {
            if (flag(key, false)) {
                throw new UserException("%s has %s = true, which Layerwise does not support for %s models."
                        .formatted(file, name(key), family()));
            }
        }
    }

    /** Refuses a switch that is off. */
    void requireOn(String key) {
        if (!flag(key, true)) {
            throw new UserException("%s has %s = false, which Layerwise does not support for %s models."
                    .formatted(file, name(key), family()));
        }
    }

    /** Refuses a key that is present, not null and not empty. */
    void requireAbsent(String... keys) {
        for (String key : keys) {
            JsonNode value = config.path(key);
            if (isSet(key) && !(value.isContainerNode() && value.isEmpty())) {
                throw new UserException("%s has %s, which Layerwise does not support for %s models."
                        .formatted(file, name(key), family()));
            }
        }
    }

    /** Refuses a number that is present and differs from the only supported value. */
    void requireNumber(String key, double only) {
        if (isSet(key) && number(key, only) != only) {
            throw new UserException("%s has %s = %s; Layerwise supports only %s for %s models."
                    .formatted(file, name(key), shown(config.path(key)), plain(only), family()));
        }
    }

    void requireDivisible(int value, int divisor, String what, String byWhat) {
        if (value % divisor != 0) {
            throw new UserException("%s has %s = %s, which is not a multiple of %s = %s."
                    .formatted(file, name(what), value, name(byWhat), divisor));
        }
    }

    /** Returns the refusal of a configuration for a reason; the message begins with the name of the file. */
    UserException refused(String reason) {
        return new UserException("%s %s".formatted(file, reason));
    }

    /**
     * Refuses configurations that no family supports: compressed weights, and values that would change the result
     * unnoticed.
     */
    void requireUsual() {
        QuantizationFormats.requireSupported(file, config);
        requireAbsent("pruned_heads");
        requireOff("is_encoder_decoder", "add_cross_attention");
        requireText("problem_type", "none", "none", "single_label_classification", "regression");
    }

    /**
     * Reads the labels, which HuggingFace keeps as {@code id2label}, or only as {@code num_labels}; the default is two
     * labels.
     */
    ModelConfig.Labels labels() {
        JsonNode names = config.path("id2label");
        if (!names.isObject() || names.isEmpty()) {
            return new ModelConfig.Labels(positive("num_labels", 2, MOST_LABELS), List.of());
        }
        List<String> byId = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            JsonNode name = names.path(String.valueOf(i));
            if (name.isMissingNode()) {
                throw new UserException(
                        "%s has an id2label of %s entries without the entry %s.".formatted(file, names.size(), i));
            }
            byId.add(ClassNameLimit.require(name.asText(), file));
        }
        return new ModelConfig.Labels(byId.size(), List.copyOf(byId));
    }

    String family() {
        return config.path("model_type").asText("these");
    }

    /** Returns a key as messages name it, with the keys of the objects around it. */
    String name(String key) {
        return prefix + key;
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }
}
