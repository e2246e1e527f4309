package org.layerwise.selection.export;

import java.util.LinkedHashMap;
import java.util.Map;
import org.layerwise.lora.LoraConfig;
import org.layerwise.selection.ModelKind;

/**
 * Writes the part of an Axolotl configuration that defines the model and the adapters; users add data sets and batch
 * sizes.
 */
final class AxolotlConfig {

    private static final String TOOL = "Axolotl";

    private AxolotlConfig() {}

    /** @throws org.layerwise.base.UserException if Axolotl does not support a setting of the recipe */
    static String text(ExportedAdapter recipe) {
        recipe.requireLanguageModel(TOOL);
        recipe.requireNoBias(TOOL);
        LoraConfig lora = recipe.lora();
        YamlText settings = new YamlText()
                .put("base_model", recipe.model().name())
                .put("revision_of_model", recipe.model().revision());
        if (recipe.model().kind() == ModelKind.VISION) {
            settings.put("processor_type", "AutoProcessor");
        }
        settings.put("adapter", "lora")
                .put("lora_r", lora.rank())
                .put("lora_alpha", recipe.wholeAlpha(TOOL))
                .number("lora_dropout", lora.dropout())
                .put("lora_target_modules", lora.targetModules())
                .put("peft_layers_to_transform", lora.layers())
                .put("peft_layers_pattern", lora.details().layersPattern())
                .put("peft_use_dora", lora.variant().decomposed())
                .put("peft_use_rslora", lora.variant().rankStabilised())
                .put("peft_init_lora_weights", lora.variant().initialisation().peftValue());
        if (!lora.modulesToSave().isEmpty()) {
            settings.put("lora_modules_to_save", lora.modulesToSave());
        }
        if (!lora.rankPattern().isEmpty()) {
            settings.put("lora_rank_pattern", lora.rankPattern());
        }
        if (!lora.alphaPattern().isEmpty()) {
            settings.put("lora_alpha_pattern", whole(lora.alphaPattern()));
        }
        settings.number("learning_rate", recipe.learningRate());
        if (recipe.loraPlusRatio() != null) {
            settings.number("loraplus_lr_ratio", recipe.loraPlusRatio().doubleValue());
        }
        return settings.text("LoRA on " + recipe.selection().summary());
    }

    private static Map<String, Integer> whole(Map<String, Double> pattern) {
        Map<String, Integer> whole = new LinkedHashMap<>();
        pattern.forEach((name, alpha) -> whole.put(name, ExportedAdapter.whole(TOOL, "alpha of " + name, alpha)));
        return whole;
    }
}
