package org.layerwise.selection.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.layerwise.base.json.Json;
import org.layerwise.selection.ModelKind;

/**
 * Writes PEFT's {@code adapter_config.json} for adapters that are not trained yet (HuggingFace PEFT,
 * {@code peft.LoraConfig}): {@code PeftConfig.from_pretrained} reads the folder of the file, and {@code get_peft_model}
 * creates the adapters.
 */
final class PeftConfigFile {

    private PeftConfigFile() {}

    /**
     * Returns the content of the file. Lists whose order does not matter are sorted, so that equal recipes give equal
     * files.
     */
    static String text(ExportedAdapter recipe) {
        ExportedVariant variant = recipe.variant();
        ObjectNode json = Json.object();
        json.put("peft_type", "LORA");
        json.put("task_type", recipe.kind() == ModelKind.ENCODER ? "SEQ_CLS" : "CAUSAL_LM");
        json.put("base_model_name_or_path", recipe.model().name());
        json.put("revision", recipe.model().revision());
        // true would freeze the adapters
        json.put("inference_mode", false);
        json.put("r", recipe.rank());
        json.set("lora_alpha", Json.tree(whole(recipe.alpha())));
        json.put("lora_dropout", recipe.dropout());
        json.put("bias", recipe.bias());
        json.set("target_modules", sorted(recipe.targetModules()));
        json.set("layers_to_transform", Json.tree(recipe.selection().layers()));
        json.set("layers_pattern", Json.tree(recipe.layersPattern()));
        // PEFT adds the classifier by itself
        List<String> saved = recipe.savedInFull();
        json.set("modules_to_save", saved.isEmpty() ? null : sorted(saved));
        if (variant.pissa()) {
            json.put("init_lora_weights", variant.pissaWord());
        } else {
            json.put("init_lora_weights", true);
        }
        json.put("use_rslora", variant.rslora());
        json.put("use_dora", variant.dora());
        json.set("rank_pattern", Json.tree(recipe.rankPattern()));
        ObjectNode alphas = json.putObject("alpha_pattern");
        recipe.alphaPattern().forEach((name, alpha) -> alphas.set(name, Json.tree(whole(alpha))));
        return Json.pretty(json);
    }

    private static JsonNode sorted(Collection<String> names) {
        return Json.tree(new TreeSet<>(names));
    }

    /** Returns a whole number as an integer, because PEFT declares {@code lora_alpha} as an integer. */
    private static Number whole(double number) {
        return number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE ? (Number) (int) number : number;
    }
}
