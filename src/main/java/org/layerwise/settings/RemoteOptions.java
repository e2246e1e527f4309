package org.layerwise.settings;

import java.io.File;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.hub.HubId;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.WorkerCount;

/**
 * Options of a job on a cluster.
 *
 * @param workers workers on Ray; a Slurm queue has its own number
 * @param model model on the cluster, as a folder or as a name of the hub; null for the same reference as on this
 *     computer
 * @param fsdp true if the weights are sharded over the workers, for models larger than a GPU's memory
 */
public record RemoteOptions(WorkerCount workers, @Nullable String model, boolean fsdp) {

    private static final int LONGEST = 1000;

    /**
     * Creates options after a check of the model.
     *
     * @throws UserException if the model is neither an absolute path nor a name of the hub
     */
    public RemoteOptions {
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

    /** Returns options with the same reference to the model as on this computer and without sharding. */
    public static RemoteOptions by(WorkerCount workers) {
        return new RemoteOptions(workers, null, false);
    }

    /**
     * Returns a name of the hub without its revision, which is stored separately. A folder is returned unchanged, since
     * it may contain any character, also some that no path of this computer has.
     */
    public static String name(String model) {
        return model.startsWith("/") || new File(model).isAbsolute() ? model : model.replaceFirst("@.*", "");
    }

    /** Returns true if the workers have GPUs. */
    public boolean gpu(Cluster target) {
        return workers.gpuOn(target);
    }
}
