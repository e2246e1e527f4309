package org.layerwise.study.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerwise.base.UserException;
import org.layerwise.lora.BaseModel;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.quantization.WeightQuantization;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.study.model.ModelLocator;
import org.layerwise.study.model.OpenModel;

/**
 * Reference by which a cluster finds a model.
 *
 * @param there options of the job
 * @param open model on this computer
 */
record RemoteModel(RemoteOptions there, OpenModel open) {

    /**
     * Returns the folder of the model on the cluster, or its name on the hub.
     *
     * @throws UserException if the model is a language model inside of one that sees images, quantised, the sample model, which is
     *     part of this program, or a folder without weights
     */
    String name() {
        ModelDescription description = open.described().description();
        if (description.wrapped() && description.vision() == null) {
            throw new UserException(
                    "Of %s models, the language model inside is computed on this computer alone; jobs on clusters with it are not supported."
                            .formatted(description.config().family()));
        }
        if (open.settings().quantization() != WeightQuantization.NONE) {
            throw new UserException(
                    "--quantize %s packs weights on this computer alone; leave it out for jobs on clusters."
                            .formatted(open.settings().quantization().id()));
        }
        if (open.described().blueprint().isQuantized()) {
            throw new UserException(
                    "%s is quantised, which is computed on this computer alone; jobs on clusters need a checkpoint in 16 or 32 bits."
                            .formatted(open.card().name()));
        }
        String model = there.model();
        if (model != null) {
            return RemoteOptions.name(model);
        }
        if (open.settings().model().equals(ModelLocator.SAMPLE)) {
            throw new UserException(
                    "The sample model comes with this program, and a cluster has none; put a copy of %s there, and say where with --model-there."
                            .formatted(open.card().folder()));
        }
        String same = RemoteOptions.name(open.reference());
        if (Path.of(same).isAbsolute() && !open.hasWeights()) {
            throw new UserException(
                    "%s holds no weights, and a cluster would look for them in the same folder; say where it has the model with --model-there."
                            .formatted(same));
        }
        return same;
    }

    /**
     * Returns the commit or branch of a model of the hub; that of the model on this computer if both have the same
     * name.
     */
    Optional<String> revision() {
        String model = there.model();
        if (model == null
                || List.of(open.reference(), RemoteOptions.name(open.reference()))
                        .contains(model)) {
            return open.revision();
        }
        return model.startsWith("/") || !model.contains("@")
                ? Optional.empty()
                : Optional.of(model.substring(model.indexOf('@') + 1));
    }

    /** Returns the base model as an adapter that is trained on the cluster references it. */
    BaseModel base() {
        String model = there.model();
        return model == null || model.startsWith("/")
                ? open.base()
                : new BaseModel(RemoteOptions.name(model), revision().orElse(null));
    }

    /**
     * Returns true if the cluster uses another model than the one that was read on this computer, or another revision.
     */
    boolean isAnother() {
        String model = there.model();
        return model != null
                && !(RemoteOptions.name(model).equals(RemoteOptions.name(open.reference()))
                        && revision().equals(open.revision()));
    }
}
