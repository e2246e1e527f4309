package org.layerwise.study.model;

import java.nio.file.Path;
import java.util.Optional;
import org.layerwise.checkpoint.hub.ModelReference;

/** Names of a model: the sample model, a folder, or an id of the hub. */
public final class ModelLocator {

    /** Name of the sample model. */
    public static final String SAMPLE = "sample";

    private ModelLocator() {}

    /** Returns true if a name is a folder, and not a hub id or the sample model. */
    static boolean isFolder(String model) {
        return !model.equals(SAMPLE) && ModelReference.parse(model) instanceof ModelReference.Folder;
    }

    /**
     * Returns true if a name is an id of the hub.
     *
     * @throws org.layerwise.base.UserException if the name is neither a valid id nor an existing folder
     */
    public static boolean isOnHub(String model) {
        return !model.equals(SAMPLE) && ModelReference.parse(model) instanceof ModelReference.OnHub;
    }

    /** Returns the folder that a name stands for; empty for the sample model and for an id of the hub. */
    public static Optional<Path> folder(String model) {
        return model.equals(SAMPLE) ? Optional.empty() : ModelReference.folder(model);
    }

    /** Returns true if a name certainly stands for another model than the one that was opened under a given name. */
    public static boolean isOther(String wanted, String opened) {
        return ModelReference.isOther(wanted, opened);
    }
}
