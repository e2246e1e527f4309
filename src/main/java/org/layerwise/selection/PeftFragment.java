package org.layerwise.selection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;

/**
 * The part of PEFT's {@code adapter_config.json} that a selection decides, enough for {@code LoraConfig} to be made of it
 * (HuggingFace PEFT, {@code peft.LoraConfig}).
 *
 * @param baseModel the name or path of the model, or null to leave it open
 * @param layers 0-based layers that get adapters
 * @param targetModules names of linear modules inside a layer, as suffixes
 * @param rank r
 * @param alpha {@code lora_alpha}; the update is scaled by alpha / r
 * @param dropout on the input of the adapter, 0 to below 1
 * @param taskType PEFT's, for example {@code SEQ_CLS} or {@code CAUSAL_LM}, or null
 * @param modulesToSave modules that are trained in full and saved beside the adapters
 */
public record PeftFragment(
        @Nullable String baseModel,
        SortedSet<Integer> layers,
        List<String> targetModules,
        int rank,
        double alpha,
        double dropout,
        @Nullable String taskType,
        List<String> modulesToSave) {

    private static final String LAYERS = "layers_to_transform";

    public PeftFragment {
        layers = LayerList.copy(layers);
        targetModules = List.copyOf(targetModules);
        modulesToSave = List.copyOf(modulesToSave);
    }

    /** A fragment for selected layers, the rest as PEFT has it when nothing is said. */
    public static PeftFragment of(
            LayerSelection selection, Collection<String> targetModules, int rank, double alpha, double dropout) {
        return new PeftFragment(
                null, selection.layers(), List.copyOf(targetModules), rank, alpha, dropout, null, List.of());
    }

    /** The fragment with PEFT's keys; lists are sorted, so that equal fragments are equal files. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.put("peft_type", "LORA");
        json.put("task_type", taskType);
        json.put("base_model_name_or_path", baseModel);
        json.put("r", rank);
        if (alpha == Math.rint(alpha) && Math.abs(alpha) <= Integer.MAX_VALUE) {
            json.put("lora_alpha", (int) alpha); // PEFT declares a whole number
        } else {
            json.put("lora_alpha", alpha);
        }
        json.put("lora_dropout", dropout);
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        json.put("use_dora", false);
        json.put("use_rslora", false);
        ArrayNode targets = json.putArray("target_modules");
        targetModules.stream().sorted().forEach(targets::add);
        ArrayNode transform = json.putArray(LAYERS);
        layers.forEach(transform::add);
        if (modulesToSave.isEmpty()) {
            json.putNull("modules_to_save");
        } else {
            ArrayNode saved = json.putArray("modules_to_save");
            modulesToSave.stream().sorted().forEach(saved::add);
        }
        return json;
    }

    /** Writes the fragment as a file that PEFT reads. */
    public void write(Path file) {
        Json.write(file, toJson());
    }

    /**
     * Reads which layers any of PEFT's adapter_config.json names.
     *
     * @return empty if it names none, which in PEFT means every layer
     * @throws UserException if the file is missing, is not JSON, or the layers are neither a layer nor a list of layers
     */
    public static Optional<SortedSet<Integer>> readLayers(Path adapterConfig) {
        JsonNode root = Json.read(adapterConfig);
        JsonNode named = root.path(LAYERS);
        if (!root.isObject()) {
            throw new UserException(
                    "%s is no adapter_config.json: a JSON object is expected.".formatted(adapterConfig));
        }
        if (named.isMissingNode() || named.isNull()) {
            return Optional.empty();
        }
        SortedSet<Integer> layers = new TreeSet<>();
        for (JsonNode layer : named.isArray() ? named : List.of(named)) {
            if (!layer.isInt() || layer.intValue() < 0) {
                throw new UserException("%s has %s in \"%s\"; a layer number or a list of them is expected there."
                        .formatted(adapterConfig, Json.line(layer), LAYERS));
            }
            layers.add(layer.intValue());
        }
        return Optional.of(LayerList.copy(layers));
    }
}
