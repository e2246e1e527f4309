package org.layerwise.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;

/**
 * Reads values of a {@code config.json}, with the default that HuggingFace's configuration class has where the file is
 * silent, and refuses by name what it cannot honour.
 */
final class ConfigReader {

    private final Path file;
    private final JsonNode config;

    ConfigReader(Checkpoint checkpoint) {
        this.file = checkpoint.folder().resolve("config.json");
        this.config = checkpoint.config();
    }

    int positive(String key, int fallback) {
        JsonNode value = config.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return fallback;
        }
        if (!value.isIntegralNumber() || value.asInt() < 1) {
            throw new UserException(
                    "%s has %s = %s; a whole number of at least 1 is expected.".formatted(file, key, value));
        }
        return value.asInt();
    }

    long tokenId(String key, long fallback) {
        JsonNode value = config.path(key);
        return value.isIntegralNumber() ? value.asLong() : fallback;
    }

    double number(String key, double fallback) {
        JsonNode value = config.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return fallback;
        }
        if (!value.isNumber()) {
            throw new UserException("%s has %s = %s; a number is expected.".formatted(file, key, value));
        }
        return value.asDouble();
    }

    /** A probability; {@code null} in the file means the fallback, as with HuggingFace's {@code classifier_dropout}. */
    double probability(String key, double fallback) {
        double value = number(key, fallback);
        if (value < 0 || value >= 1) {
            throw new UserException(
                    "%s has %s = %s; a probability from 0 to below 1 is expected.".formatted(file, key, value));
        }
        return value;
    }

    Activation activation(String key, String fallback) {
        String name = config.path(key).asText(fallback);
        return Activation.named(name)
                .orElseThrow(() -> new UserException(
                        "%s has %s = \"%s\", an activation that Layerwise does not have.".formatted(file, key, name)));
    }

    /** Refuses any value but the one that is implemented. */
    void requireText(String key, String only) {
        String value = config.path(key).asText(only);
        if (!value.equals(only)) {
            throw new UserException("%s has %s = \"%s\"; Layerwise supports only \"%s\" for %s models."
                    .formatted(file, key, value, only, family()));
        }
    }

    /** Refuses a switch that is on. */
    void requireOff(String key) {
        if (config.path(key).asBoolean(false)) {
            throw new UserException(
                    "%s has %s = true, which Layerwise does not support for %s models.".formatted(file, key, family()));
        }
    }

    /** Refuses a key that is there and not null. */
    void requireAbsent(String key) {
        if (!config.path(key).isMissingNode() && !config.path(key).isNull()) {
            throw new UserException(
                    "%s has %s, which Layerwise does not support for %s models.".formatted(file, key, family()));
        }
    }

    void requireDivisible(int value, int divisor, String what, String byWhat) {
        if (value % divisor != 0) {
            throw new UserException("%s has %s = %d, which is not a multiple of %s = %d."
                    .formatted(file, what, value, byWhat, divisor));
        }
    }

    /** HuggingFace keeps the labels as {@code id2label}, or only as {@code num_labels}; the default is two. */
    ModelConfig.Labels labels() {
        JsonNode names = config.path("id2label");
        if (!names.isObject() || names.isEmpty()) {
            return new ModelConfig.Labels(positive("num_labels", 2), List.of());
        }
        List<String> byId = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            JsonNode name = names.path(String.valueOf(i));
            if (name.isMissingNode()) {
                throw new UserException(
                        "%s has an id2label of %d entries without the entry %d.".formatted(file, names.size(), i));
            }
            byId.add(name.asText());
        }
        return new ModelConfig.Labels(byId.size(), List.copyOf(byId));
    }

    private String family() {
        return config.path("model_type").asText();
    }
}
