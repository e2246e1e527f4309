package org.layerwise.model;

import java.util.Optional;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.model.config.ModuleNames;

/** Finds tensors of a checkpoint under any of the names that the files of a family use. */
record TensorNameResolver(Checkpoint checkpoint, ModuleNames names) {

    /** Returns the name in the files for the name of a tensor in HuggingFace's model with a task head. */
    Optional<String> find(String name) {
        return names.inFiles(name).stream().filter(checkpoint::has).findFirst();
    }

    /** Returns the name in the files, or the most likely name if the files lack the tensor; used for messages. */
    String findOrLikely(String name) {
        return find(name).orElse(name);
    }
}
