package org.layerwise.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;

/**
 * What sets one family of models apart: how its {@code config.json} reads, what its weights are called, and which modules
 * LoRA targets by default. The computation is that of the general parts.
 */
interface Family {

    /** Families by HuggingFace's {@code model_type}. */
    Map<String, Family> BY_TYPE = Map.of("bert", new BertFamily());

    /** The configuration; refuses by name what changes the result and is not supported. */
    ModelConfig read(ConfigReader config);

    /** Names of weights in HuggingFace's model with a task head. */
    WeightNames names();

    /** Names of the linear modules that LoRA targets when nothing is said. */
    List<String> defaultTargets();

    /** The family of a checkpoint. */
    static Family of(Checkpoint checkpoint) {
        JsonNode type = checkpoint.config().path("model_type");
        if (!type.isTextual()) {
            throw new UserException("%s has no model_type, so the kind of model is unknown."
                    .formatted(checkpoint.folder().resolve("config.json")));
        }
        Family family = BY_TYPE.get(type.asText());
        if (family == null) {
            throw new UserException("%s is a model of type \"%s\", which Layerwise does not support; it supports %s."
                    .formatted(checkpoint.folder(), type.asText(), String.join(", ", new TreeSet<>(BY_TYPE.keySet()))));
        }
        return family;
    }
}
