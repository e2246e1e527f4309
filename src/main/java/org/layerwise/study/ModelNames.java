package org.layerwise.study;

import org.layerwise.checkpoint.hub.ModelReference;

/** Names by which a model is asked for: the sample, a folder, or an id of the hub. */
public final class ModelNames {

    /** The name of the sample model. */
    public static final String SAMPLE = "sample";

    private ModelNames() {}

    /** Returns true if a model is named by its folder, and not by a hub id or as the sample. */
    static boolean isFolder(String model) {
        return !model.equals(SAMPLE) && ModelReference.parse(model) instanceof ModelReference.Folder;
    }

    /**
     * Returns true if a model is named by its id on the hub.
     *
     * @throws org.layerwise.base.UserException if it can be neither such an id nor a folder that is there
     */
    public static boolean isOnHub(String model) {
        return !model.equals(SAMPLE) && ModelReference.parse(model) instanceof ModelReference.OnHub;
    }

    /** Returns true if a name surely stands for another model than one that was opened under another name. */
    public static boolean isOther(String wanted, String opened) {
        return ModelReference.isOther(wanted, opened);
    }
}
