package org.layerwise.model;

import java.util.Optional;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.model.config.ModuleNames;

/** Finds tensors of a checkpoint, whichever of a family's names its files use. */
record StoredNames(Checkpoint checkpoint, ModuleNames names) {

    /** The name in the files of a tensor that is called so in HuggingFace's model with a task head. */
    Optional<String> find(String name) {
        return names.inFiles(name).stream().filter(checkpoint::has).findFirst();
    }

    /** The same, or the most likely name where there is none: for messages. */
    String findOrLikely(String name) {
        return find(name).orElse(name);
    }
}
