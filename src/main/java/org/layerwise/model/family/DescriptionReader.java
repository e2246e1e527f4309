package org.layerwise.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;

/** Reads the description of a model from a {@code config.json}. */
public final class DescriptionReader {

    private DescriptionReader() {}

    /**
     * Reads a checkpoint's configuration.
     *
     * @throws org.layerwise.base.UserException if the family or a value is not supported; the message names it
     */
    public static ModelDescription read(Checkpoint checkpoint) {
        ModelDescription description = read(checkpoint.folder().resolve(Checkpoint.CONFIG), checkpoint.config());
        // transformers 5 writes that a head is tied also where the language model inside has one of its own
        JsonNode inside = checkpoint.config().path("text_config").path("tie_word_embeddings");
        boolean own = description.wrapped() && inside.isBoolean() && !inside.booleanValue();
        return own && hasHead(checkpoint, description.names()) ? description.untied() : description;
    }

    private static boolean hasHead(Checkpoint checkpoint, ModuleNames names) {
        return names.inFiles(names.head(Module.LANGUAGE_MODEL) + ".weight").stream()
                .anyMatch(checkpoint::has);
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
