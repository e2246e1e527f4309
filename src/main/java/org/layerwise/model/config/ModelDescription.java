package org.layerwise.model.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.checkpoint.Checkpoint;

/**
 * All that a checkpoint's {@code config.json} says of its model.
 *
 * @param config what it is made of; the language model's where it also sees images
 * @param names of its modules
 * @param defaultTargets names of the linear modules that LoRA targets when nothing is said
 * @param tiedLanguageModel whether the language-model head shares the table of token vectors
 * @param languageModelCap logits of the language model are squeezed into plus or minus this by tanh; 0 for not
 * @param vision how it sees images; null where it does not
 */
public record ModelDescription(
        ModelConfig config,
        ModuleNames names,
        List<String> defaultTargets,
        boolean tiedLanguageModel,
        double languageModelCap,
        @Nullable VisionConfig vision) {

    /** An encoder, or a decoder that never was a language model. */
    static ModelDescription of(ModelConfig config, ModuleNames names, List<String> defaultTargets) {
        return new ModelDescription(config, names, defaultTargets, false, 0, null);
    }

    /**
     * Reads a checkpoint's configuration.
     *
     * @throws org.layerwise.base.UserException if the family or a value is not supported, naming it
     */
    public static ModelDescription read(Checkpoint checkpoint) {
        return read(checkpoint.folder().resolve(Checkpoint.CONFIG), checkpoint.config());
    }

    /**
     * Reads a configuration whose weights may not be there yet.
     *
     * @param file its {@code config.json}, as messages name it
     * @throws org.layerwise.base.UserException if the family or a value is not supported, naming it
     */
    public static ModelDescription read(Path file, JsonNode config) {
        ConfigReader reader = new ConfigReader(file, config);
        Family family = Family.of(file, config);
        reader.requireUsual();
        return family.read(reader);
    }
}
