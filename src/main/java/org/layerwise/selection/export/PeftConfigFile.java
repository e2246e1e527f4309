package org.layerwise.selection.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.layerwise.base.Json;
import org.layerwise.selection.ModelKind;

/**
 * PEFT's {@code adapter_config.json} for adapters that are yet to be trained (HuggingFace PEFT, {@code peft.LoraConfig}):
 * {@code PeftConfig.from_pretrained} reads the folder it lies in, and {@code get_peft_model} makes the adapters.
 */
final class PeftConfigFile {

    private PeftConfigFile() {}

    /** Lists whose order does not count are sorted, so that equal recipes are equal files. */
    static String text(AdapterRecipe recipe) {
        AdapterVariant variant = recipe.variant();
        ObjectNode json = Json.object();
        json.put("peft_type", "LORA");
        json.put("task_type", recipe.kind() == ModelKind.ENCODER ? "SEQ_CLS" : "CAUSAL_LM");
        json.put("base_model_name_or_path", recipe.model().name());
        json.put("revision", recipe.model().revision());
        // true would freeze what is to be trained
        json.put("inference_mode", false);
        json.put("r", recipe.rank());
        json.set("lora_alpha", Json.tree(whole(recipe.alpha())));
        json.put("lora_dropout", recipe.dropout());
        json.put("bias", recipe.bias());
        json.set("target_modules", sorted(recipe.targetModules()));
        json.set("layers_to_transform", Json.tree(recipe.selection().layers()));
        json.set("layers_pattern", Json.tree(recipe.layersPattern()));
        // PEFT adds the classifier itself
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

    /** PEFT declares a whole number. */
    private static Number whole(double number) {
        return number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE ? (Number) (int) number : number;
    }
}
