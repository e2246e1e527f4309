package org.layerwise.selection.export;

import org.layerwise.base.UserException;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraVariant;
import org.layerwise.lora.PeftConfig;
import org.layerwise.selection.ModelKind;

/**
 * Writes the part of a LLaMA-Factory configuration that defines the model and the adapters. LLaMA-Factory has no
 * setting for layers, so the modules are given by their full names. Users add data sets and batch sizes.
 */
final class LlamaFactoryConfig {

    private static final String TOOL = "LLaMA-Factory";

    // LLaMA-Factory's value for the exact singular value decomposition
    private static final int EXACT = -1;

    private LlamaFactoryConfig() {}

    /** @throws UserException if LLaMA-Factory does not support a setting of the recipe */
    static String text(ExportedAdapter recipe) {
        recipe.requireLanguageModel(TOOL);
        recipe.requireNoBias(TOOL);
        recipe.requireLora(TOOL);
        PeftConfig peft = recipe.peft();
        if (!peft.rankPattern().isEmpty() || !peft.alphaPattern().isEmpty()) {
            throw new UserException(
                    "%s has no setting for a rank or alpha of its own for some modules; export for PEFT."
                            .formatted(TOOL));
        }
        LoraVariant variant = peft.variant();
        if (variant.initialisation() instanceof Initialisation.Olora) {
            throw new UserException(
                    "%s has no setting for OLoRA; choose another variant or export for PEFT.".formatted(TOOL));
        }
        boolean pissa = variant.initialisation() instanceof Initialisation.Pissa;
        YamlText settings = new YamlText()
                .put("model_name_or_path", recipe.model().name())
                .put("model_revision", recipe.model().revision())
                .put("stage", "sft")
                .put("do_train", true)
                .put("finetuning_type", "lora")
                .put("lora_rank", peft.rank())
                .put("lora_alpha", recipe.wholeAlpha(TOOL))
                .number("lora_dropout", peft.dropout())
                .put("lora_target", String.join(",", recipe.fullNames()))
                .put("use_rslora", variant.rankStabilised())
                .put("use_dora", variant.decomposed())
                .put("pissa_init", pissa);
        if (!peft.modulesToSave().isEmpty()) {
            settings.put("additional_target", String.join(",", peft.modulesToSave()));
        }
        if (variant.initialisation() instanceof Initialisation.Pissa start) {
            settings.put("pissa_iter", start.iterations().orElse(EXACT));
        }
        if (recipe.model().kind() == ModelKind.VISION) {
            settings.put("freeze_vision_tower", true).put("freeze_multi_modal_projector", true);
        }
        settings.number("learning_rate", recipe.learningRate());
        if (recipe.loraPlusRatio() != null) {
            settings.number("loraplus_lr_ratio", recipe.loraPlusRatio().doubleValue());
        }
        return settings.text("LoRA on " + recipe.selection().summary());
    }
}
