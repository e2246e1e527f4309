package org.layerwise.model.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.checkpoint.Checkpoint;

/**
 * Description of a model in a checkpoint's {@code config.json}.
 *
 * @param config configuration of the model; of the language model if the model also sees images
 * @param names names of the modules
 * @param defaultTargets names of the linear modules that LoRA targets by default
 * @param tiedLanguageModel true if the language-model head shares the token embeddings
 * @param logitFactor factor of the logits of the language model; usually 1
 * @param languageModelCap tanh limits the logits of the language model to plus or minus this value; 0 for no limit
 * @param vision configuration of the vision tower; null if the model sees no images
 */
public record ModelDescription(
        ModelConfig config,
        ModuleNames names,
        List<String> defaultTargets,
        boolean tiedLanguageModel,
        double logitFactor,
        double languageModelCap,
        @Nullable VisionConfig vision) {

    /** Returns the description of an encoder, or of a decoder that never was a language model. */
    static ModelDescription of(ModelConfig config, ModuleNames names, List<String> defaultTargets) {
        return decoder(config, names, defaultTargets, false);
    }

    /** Returns the description of a decoder whose logits are neither scaled nor capped. */
    static ModelDescription decoder(
            ModelConfig config, ModuleNames names, List<String> defaultTargets, boolean tiedLanguageModel) {
        return new ModelDescription(config, names, defaultTargets, tiedLanguageModel, 1, 0, null);
    }

    /**
     * Reads a checkpoint's configuration.
     *
     * @throws org.layerwise.base.UserException if the family or a value is not supported; the message names it
     */
    public static ModelDescription read(Checkpoint checkpoint) {
        return read(checkpoint.folder().resolve(Checkpoint.CONFIG), checkpoint.config());
    }

    /**
     * Reads a configuration whose weights may still be missing.
     *
     * @param file path of the {@code config.json}, for messages
     * @throws org.layerwise.base.UserException if the family or a value is not supported; the message names it
     */
    public static ModelDescription read(Path file, JsonNode config) {
        ConfigReader reader = new ConfigReader(file, config);
        Family family = Family.of(file, config);
        reader.requireUsual();
        return family.read(reader);
    }

    /**
     * Returns the dropout of a checkpoint's model with one probability at every place where models of its family have
     * dropout, like transformers with that probability in every dropout of the {@code config.json}.
     */
    public static ModelConfig.Dropout dropout(Checkpoint checkpoint, double probability) {
        Path file = checkpoint.folder().resolve(Checkpoint.CONFIG);
        ConfigReader reader = new ConfigReader(file, checkpoint.config()).withDropout(probability);
        return Family.of(file, checkpoint.config()).read(reader).config().dropout();
    }
}
