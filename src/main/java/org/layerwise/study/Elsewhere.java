package org.layerwise.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.hub.HubId;
import org.layerwise.lora.BaseModel;
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

    /**
     * How the model is found there: a folder, or a name of the hub.
     *
     * @throws UserException if it is the sample, which comes with this program, or a folder without weights
     */
    public String modelThere(OpenModel open) {
        if (model != null) {
            return name(model);
        }
        if (open.settings().model().equals(Workbench.SAMPLE)) {
            throw new UserException(
                    "The sample model comes with this program, and a cluster has none; put a copy of %s there, and say where with --model-there."
                            .formatted(open.card().folder()));
        }
        String same = name(open.reference());
        if (Path.of(same).isAbsolute() && !open.hasWeights()) {
            throw new UserException(
                    "%s holds no weights, and a cluster would look for them in the same folder; say where it has the model with --model-there."
                            .formatted(same));
        }
        return same;
    }

    /** Its commit or branch, where it is one of the hub; that of the model here where both have one name. */
    public Optional<String> revisionThere(OpenModel open) {
        if (model == null || List.of(open.reference(), name(open.reference())).contains(model)) {
            return open.revision();
        }
        return model.startsWith("/") || !model.contains("@")
                ? Optional.empty()
                : Optional.of(model.substring(model.indexOf('@') + 1));
    }

    /** Returns the base model as an adapter that is trained there names it. */
    public BaseModel base(OpenModel open) {
        return model == null || model.startsWith("/")
                ? open.base()
                : new BaseModel(name(model), revisionThere(open).orElse(null));
    }

    /** Returns true if it is a model that was not looked at here, or another revision of the one here. */
    public boolean anotherModel(OpenModel open) {
        return model != null
                && !(name(model).equals(name(open.reference()))
                        && revisionThere(open).equals(open.revision()));
    }

    /** A name of the hub without its revision, which is told beside it; a folder may have any letter. */
    private static String name(String model) {
        return model.startsWith("/") || Path.of(model).isAbsolute() ? model : model.replaceFirst("@.*", "");
    }

    /** Whether there are GPUs. */
    public boolean gpu(Target target) {
        return workers.gpuOn(target);
    }
}
