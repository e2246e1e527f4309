package org.layerwise.study;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.hub.HubId;
import org.layerwise.remote.Target;
import org.layerwise.remote.Workers;

/**
 * How a job is done on a cluster.
 *
 * @param workers on Ray; a Slurm queue has its own number
 * @param model how the model is found there, as a folder or as a name of the hub; null for the same as here
 * @param fsdp whether the workers share the weights out, for models larger than a card
 */
public record Elsewhere(Workers workers, @Nullable String model, boolean fsdp) {

    private static final int LONGEST = 1000;

    /** @throws UserException if the model is neither an absolute path nor a name of the hub */
    public Elsewhere {
        if (model != null && !isPlace(model)) {
            throw new UserException(
                    "\"%s\" is no place of a model on a cluster; give a folder there that begins with /, or a name of the hub such as org/name."
                            .formatted(model));
        }
    }

    private static boolean isPlace(String model) {
        if (model.length() > LONGEST || model.chars().anyMatch(Character::isISOControl)) {
            return false;
        }
        return model.startsWith("/") || HubId.isValid(name(model));
    }

    /** With the model found as it is here, all of it on each worker. */
    public static Elsewhere by(Workers workers) {
        return new Elsewhere(workers, null, false);
    }

    /** A name of the hub without its revision, which is told beside it; a folder may have any letter. */
    public static String name(String model) {
        return model.startsWith("/") || Path.of(model).isAbsolute() ? model : model.replaceFirst("@.*", "");
    }

    /** Whether there are GPUs. */
    public boolean gpu(Target target) {
        return workers.gpuOn(target);
    }
}
