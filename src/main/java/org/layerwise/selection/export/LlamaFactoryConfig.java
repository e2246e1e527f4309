package org.layerwise.selection.export;

import org.layerwise.base.UserException;
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
        if (!recipe.rankPattern().isEmpty() || !recipe.alphaPattern().isEmpty()) {
            throw new UserException(
                    "%s has no setting for a rank or alpha of its own for some modules; export for PEFT."
                            .formatted(TOOL));
        }
        ExportedVariant variant = recipe.variant();
        YamlText settings = new YamlText()
                .put("model_name_or_path", recipe.model().name())
                .put("model_revision", recipe.model().revision())
                .put("stage", "sft")
                .put("do_train", true)
                .put("finetuning_type", "lora")
                .put("lora_rank", recipe.rank())
                .put("lora_alpha", recipe.wholeAlpha(TOOL))
                .number("lora_dropout", recipe.dropout())
                .put("lora_target", String.join(",", recipe.fullNames()))
                .put("use_rslora", variant.rslora())
                .put("use_dora", variant.dora())
                .put("pissa_init", variant.pissa());
        if (!recipe.modulesToSave().isEmpty()) {
            settings.put("additional_target", String.join(",", recipe.modulesToSave()));
        }
        if (variant.pissa()) {
            settings.put("pissa_iter", variant.pissaIterations() == null ? EXACT : variant.pissaIterations());
        }
        if (recipe.kind() == ModelKind.VISION) {
            settings.put("freeze_vision_tower", true).put("freeze_multi_modal_projector", true);
        }
        settings.number("learning_rate", recipe.learningRate());
        if (recipe.loraPlusRatio() != null) {
            settings.number("loraplus_lr_ratio", recipe.loraPlusRatio().doubleValue());
        }
        return settings.text("LoRA on " + recipe.selection().summary());
    }
}
