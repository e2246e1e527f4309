package org.layerwise.selection.export;

import java.util.LinkedHashMap;
import java.util.Map;
import org.layerwise.lora.PeftConfig;
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
        recipe.requireLora(TOOL);
        PeftConfig peft = recipe.peft();
        YamlText settings = new YamlText()
                .put("base_model", recipe.model().name())
                .put("revision_of_model", recipe.model().revision());
        if (recipe.model().kind() == ModelKind.VISION) {
            settings.put("processor_type", "AutoProcessor");
        }
        switch (recipe.model().quantization()) {
            case NONE -> settings.put("adapter", "lora");
            case BITSANDBYTES_4 -> settings.put("load_in_4bit", true).put("adapter", "qlora");
            case BITSANDBYTES_8 -> settings.put("load_in_8bit", true).put("adapter", "lora");
            case GPTQ -> settings.put("gptq", true).put("adapter", "lora");
            case AWQ, COMPRESSED_TENSORS, OTHER -> throw recipe.model().refusedFor(TOOL);
        }
        settings.put("lora_r", peft.rank())
                .put("lora_alpha", recipe.wholeAlpha(TOOL))
                .number("lora_dropout", peft.dropout())
                .put("lora_target_modules", peft.targetModules())
                .put("peft_layers_to_transform", recipe.selection().layers())
                .put("peft_layers_pattern", peft.layersPattern())
                .put("peft_use_dora", peft.variant().decomposed())
                .put("peft_use_rslora", peft.variant().rankStabilised())
                .put("peft_init_lora_weights", peft.variant().initialisation().peftValue());
        if (!peft.modulesToSave().isEmpty()) {
            settings.put("lora_modules_to_save", peft.modulesToSave());
        }
        if (!peft.rankPattern().isEmpty()) {
            settings.put("lora_rank_pattern", peft.rankPattern());
        }
        if (!peft.alphaPattern().isEmpty()) {
            settings.put("lora_alpha_pattern", whole(peft.alphaPattern()));
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
