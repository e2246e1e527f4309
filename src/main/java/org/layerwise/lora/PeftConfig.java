package org.layerwise.lora;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;
import org.layerwise.selection.PeftFragment;

/**
 * PEFT's {@code adapter_config.json}; what changes the result and is not supported is refused by name.
 *
 * @param targetModules ends of linear modules' names; empty if the file has a pattern, which only the weights make plain
 * @param layers 0-based; empty for all
 * @param modulesToSave modules that are trained and saved in full
 * @param taskType PEFT's, for example {@code SEQ_CLS}
 * @param baseModel where the base model was
 */
public record PeftConfig(
        int rank,
        double alpha,
        double dropout,
        List<String> targetModules,
        Optional<SortedSet<Integer>> layers,
        List<String> modulesToSave,
        @Nullable String taskType,
        @Nullable String baseModel) {

    /** Switches that must be off, with the variant that they turn on. */
    private static final Map<String, String> SWITCHES = Map.of(
            "use_dora", "DoRA",
            "use_rslora", "rsLoRA",
            "fan_in_fan_out", "transposed weights",
            "lora_bias", "a bias on B",
            "use_qalora", "QALoRA");

    /** Values that must be absent, null or empty. */
    private static final List<String> MUST_BE_EMPTY = List.of(
            "rank_pattern",
            "alpha_pattern",
            "layer_replication",
            "trainable_token_indices",
            "target_parameters",
            "exclude_modules",
            "loftq_config");

    /** Initialisations that leave the base weights as they are; PiSSA, OLoRA and the like subtract something from them. */
    private static final Set<String> PLAIN_INITIALISATIONS = Set.of("true", "false", "gaussian", "orthogonal", "eva");

    private static final Set<String> TASK_TYPES = Set.of("SEQ_CLS", "CAUSAL_LM", "FEATURE_EXTRACTION");

    private static final int DEFAULT_RANK = 8;
    private static final double DEFAULT_ALPHA = 8;

    static PeftConfig of(PeftAdapter adapter) {
        LoraConfig config = adapter.config();
        return new PeftConfig(
                config.rank(),
                config.alpha(),
                config.dropout(),
                config.targetModules(),
                Optional.of(config.layers()),
                adapter.modulesToSave(),
                adapter.taskType(),
                adapter.baseModel());
    }

    /**
     * Reads a file.
     *
     * @throws UserException if it is missing or broken, or the adapter is of a kind that is not supported
     */
    public static PeftConfig read(Path file) {
        JsonNode json = Json.read(file);
        if (!json.path("peft_type").asText("").equals("LORA")) {
            throw new UserException("%s describes an adapter of type \"%s\"; Layerwise reads LORA adapters."
                    .formatted(file, json.path("peft_type").asText("unknown")));
        }
        SWITCHES.forEach((key, variant) -> {
            if (json.path(key).asBoolean(false)) {
                throw new UserException(
                        "%s has %s = true (%s), which Layerwise does not support.".formatted(file, key, variant));
            }
        });
        for (String key : MUST_BE_EMPTY) {
            JsonNode value = json.path(key);
            if (!value.isMissingNode() && !value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
                throw new UserException("%s has %s, which Layerwise does not support.".formatted(file, key));
            }
        }
        requireKnown(file, json, "init_lora_weights", PLAIN_INITIALISATIONS);
        requireKnown(file, json, "task_type", TASK_TYPES);
        String bias = json.path("bias").asText("none");
        if (!bias.equals("none")) {
            throw new UserException("%s has bias = \"%s\"; Layerwise supports only \"none\".".formatted(file, bias));
        }
        int rank = positive(file, json, "r");
        return new PeftConfig(
                rank,
                number(file, json, "lora_alpha", DEFAULT_ALPHA),
                number(file, json, "lora_dropout", 0),
                // a text is a regular expression or "all-linear": which modules it means, the weights tell
                json.path("target_modules").isArray() ? strings(json.path("target_modules")) : List.of(),
                PeftFragment.readLayers(file),
                strings(json.path("modules_to_save")),
                json.path("task_type").isTextual() ? json.path("task_type").asText() : null,
                json.path("base_model_name_or_path").isTextual()
                        ? json.path("base_model_name_or_path").asText()
                        : null);
    }

    void write(Path file) {
        ObjectNode json = new PeftFragment(
                        baseModel,
                        layers.orElseGet(TreeSet::new),
                        targetModules,
                        rank,
                        alpha,
                        dropout,
                        taskType,
                        modulesToSave)
                .toJson();
        json.putObject("alpha_pattern");
        json.putObject("rank_pattern");
        json.putNull("auto_mapping");
        json.putNull("layers_pattern");
        json.putNull("revision");
        Json.write(file, json);
    }

    private static void requireKnown(Path file, JsonNode json, String key, Set<String> known) {
        JsonNode value = json.path(key);
        if (!value.isMissingNode() && !value.isNull() && !known.contains(value.asText())) {
            throw new UserException(
                    "%s has %s = %s, which Layerwise does not support.".formatted(file, key, Json.line(value)));
        }
    }

    private static int positive(Path file, JsonNode json, String key) {
        JsonNode value = json.path(key);
        if (value.isMissingNode()) {
            return DEFAULT_RANK;
        }
        if (!value.isInt() || value.intValue() < 1) {
            throw new UserException(
                    "%s has %s = %s; a whole number of at least 1 is expected.".formatted(file, key, value));
        }
        return value.intValue();
    }

    private static double number(Path file, JsonNode json, String key, double usual) {
        JsonNode value = json.path(key);
        if (value.isMissingNode()) {
            return usual;
        }
        if (!value.isNumber()) {
            throw new UserException("%s has %s = %s; a number is expected.".formatted(file, key, value));
        }
        return value.doubleValue();
    }

    private static List<String> strings(JsonNode value) {
        List<String> texts = new ArrayList<>();
        value.elements().forEachRemaining(element -> texts.add(element.asText()));
        return texts;
    }
}
