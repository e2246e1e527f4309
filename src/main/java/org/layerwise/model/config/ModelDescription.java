package org.layerwise.model.config;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.ModuleNames.Module;

/**
 * Description of a model in a checkpoint's {@code config.json}.
 *
 * @param config configuration of the model; of the language model if the model also sees images
 * @param names names of the modules
 * @param defaultTargets names of the linear modules that LoRA targets by default
 * @param tiedLanguageModel true if the language-model head shares the token embeddings
 * @param logitFactor factor of the logits of the language model; usually 1
 * @param languageModelCap tanh limits the logits of the language model to plus or minus this value; 0 for no limit
 * @param wrapped true if the language model is a part of a model that also sees images
 * @param vision configuration of the vision tower; null if no images are computed
 */
public record ModelDescription(
        ModelConfig config,
        ModuleNames names,
        List<String> defaultTargets,
        boolean tiedLanguageModel,
        double logitFactor,
        double languageModelCap,
        boolean wrapped,
        @Nullable VisionConfig vision) {

    /** Returns this description with a language-model head of its own. */
    public ModelDescription untied() {
        return new ModelDescription(
                config, names, defaultTargets, false, logitFactor, languageModelCap, wrapped, vision);
    }

    /** Returns this decoder with every token seeing the whole row, and without a language-model head. */
    public ModelDescription asEncoder() {
        return of(config.asEncoder(config.head()), names.without(Module.LANGUAGE_MODEL), defaultTargets);
    }

    /** Returns the description of an encoder, or of a decoder that never was a language model. */
    public static ModelDescription of(ModelConfig config, ModuleNames names, List<String> defaultTargets) {
        return decoder(config, names, defaultTargets, false);
    }

    /** Returns the description of a decoder whose logits are neither scaled nor capped. */
    public static ModelDescription decoder(
            ModelConfig config, ModuleNames names, List<String> defaultTargets, boolean tiedLanguageModel) {
        return new ModelDescription(config, names, defaultTargets, tiedLanguageModel, 1, 0, false, null);
    }
}
