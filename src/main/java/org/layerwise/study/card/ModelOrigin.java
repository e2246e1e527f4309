package org.layerwise.study.card;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.lora.BaseModel;

/**
 * The origin of a model as others may read it: it contains no folder of this computer.
 *
 * @param kind what it was opened from
 * @param name the id on the hub, or the last part of the folder's name
 * @param revision commit, tag or branch on the hub; null where none is known
 */
public record ModelOrigin(Kind kind, String name, @Nullable String revision) {

    /** Returns the origin of an opened model. */
    public enum Kind {
        HUB,
        /** The copy that comes with this program. */
        SAMPLE,
        FOLDER
    }

    /** Begins a name that is none of the hub's: without it, a folder {@code gpt2} would be taken for the hub's model. */
    private static final String HERE = "./";

    /** The sample model, by its name on the hub, since others do not have the bundled copy. */
    public static ModelOrigin sample() {
        return new ModelOrigin(Kind.SAMPLE, "BAAI/bge-small-en-v1.5", null);
    }

    /**
     * A model of the hub by its name.
     *
     * @param named {@code org/name} or {@code org/name@revision}
     */
    public static ModelOrigin hub(String named) {
        int at = named.indexOf('@');
        return at < 0
                ? new ModelOrigin(Kind.HUB, named, null)
                : new ModelOrigin(Kind.HUB, named.substring(0, at), named.substring(at + 1));
    }

    /** A folder; one in the hub's cache is the hub's model at a commit. */
    public static ModelOrigin folder(Checkpoint checkpoint) {
        return checkpoint
                .hubId()
                .map(id -> new ModelOrigin(Kind.HUB, id, checkpoint.revision().orElse(null)))
                .orElseGet(() -> new ModelOrigin(Kind.FOLDER, checkpoint.name(), null));
    }

    /** The base of an adapter, as its file names it. */
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

    /** Returns the base model as adapter_config.json names it. A folder's name is relative to the reader's folder. */
    public BaseModel base() {
        return new BaseModel(kind == Kind.FOLDER ? HERE + name : name, revision);
    }
}
