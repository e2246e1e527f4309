package org.layerwise.study.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.lora.BaseModel;

/**
 * Origin of a model for publication, without folders of this computer.
 *
 * @param kind kind of the origin
 * @param name id on the hub, or the last part of the folder's name
 * @param revision commit, tag or branch on the hub; null if unknown
 */
public record ModelOrigin(Kind kind, String name, @Nullable String revision) {

    /** Kind of the origin of a model. */
    public enum Kind {
        HUB,
        /** Copy of the sample model that is part of this program. */
        SAMPLE,
        FOLDER
    }

    /** Prefix of a folder's name. Without it, a folder {@code gpt2} would be mistaken for the hub's model. */
    private static final String HERE = "./";

    /** Returns the origin of the sample model: its name on the hub, since others do not have the bundled copy. */
    public static ModelOrigin sample() {
        return new ModelOrigin(Kind.SAMPLE, "BAAI/bge-small-en-v1.5", null);
    }

    /**
     * Returns the origin of a model of the hub.
     *
     * @param named {@code org/name} or {@code org/name@revision}
     */
    public static ModelOrigin hub(String named) {
        int at = named.indexOf('@');
        return at < 0
                ? new ModelOrigin(Kind.HUB, named, null)
                : new ModelOrigin(Kind.HUB, named.substring(0, at), named.substring(at + 1));
    }

    /** Returns the origin of a model in a folder; a folder in the hub's cache is a model of the hub at a commit. */
    public static ModelOrigin folder(Checkpoint checkpoint) {
        return checkpoint
                .hubId()
                .map(id -> new ModelOrigin(Kind.HUB, id, checkpoint.revision().orElse(null)))
                .orElseGet(() -> new ModelOrigin(Kind.FOLDER, checkpoint.name(), null));
    }

    /** Returns the origin of an adapter's base model from the reference in the adapter's file. */
    public static ModelOrigin of(BaseModel base) {
        boolean folder = base.name().startsWith(HERE) || base.name().startsWith("/");
        return folder
                ? new ModelOrigin(Kind.FOLDER, lastPart(base.name()), null)
                : new ModelOrigin(Kind.HUB, base.name(), base.revision());
    }

    private static String lastPart(String folder) {
        return Arrays.stream(folder.split("/"))
                .filter(part -> !part.isEmpty())
                .reduce((first, second) -> second)
                .orElse(folder);
    }

    /**
     * Returns the base model as {@code adapter_config.json} references it. The name of a folder is relative to the
     * reader's folder.
     */
    public BaseModel base() {
        return new BaseModel(kind == Kind.FOLDER ? HERE + name : name, revision);
    }
}
