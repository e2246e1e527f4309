package org.layerwise.study.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.hub.Revisions;
import org.layerwise.lora.BaseModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.lora.PeftConfig;
import org.layerwise.run.Run;

/**
 * Base model of an adapter in the format of HuggingFace PEFT, and the place where it can be opened.
 *
 * @param model name to open the model by: a folder, {@code org/name@revision}, or {@link ModelLocator#SAMPLE}; null if the adapter's file
 *     names no model
 */
public record AdapterBaseModel(@Nullable String model, Place place) {

    /** Place of a base model. */
    public enum Place {
        /** A folder of this computer, or the sample model. */
        HERE,
        /** The hub of HuggingFace, or its cache. */
        HUB,
        /** Neither, as with a folder of another computer. */
        UNKNOWN
    }

    /** Start of the name of a folder without its place, as trainings write it for others. */
    private static final String FOLDER = "./";

    /** Returns true if a folder holds an adapter, as PEFT writes it. */
    public static boolean isAdapter(Path folder) {
        return Files.isRegularFile(folder.resolve(PeftAdapter.CONFIG));
    }

    /**
     * Reads the base model of an adapter: that of its run if it is in the folder of one, otherwise the one that its file names.
     *
     * @throws UserException if a file is missing or broken, or the adapter is of a kind that is not supported
     */
    public static AdapterBaseModel read(Path folder) {
        PeftAdapter.requireWeights(folder);
        BaseModel base = PeftConfig.read(PeftAdapter.configFile(folder)).base();
        Path run = folder.toAbsolutePath().normalize().getParent();
        if (run != null && Run.isRun(run)) {
            return placed(Run.open(run).configuration().model().model());
        }
        if (base == null) {
            return new AdapterBaseModel(null, Place.UNKNOWN);
        }
        if (base.name().equals(ModelOrigin.sample().name())) {
            return new AdapterBaseModel(ModelLocator.SAMPLE, Place.HERE);
        }
        if (base.name().startsWith(FOLDER)) {
            return new AdapterBaseModel(base.name().substring(FOLDER.length()), Place.UNKNOWN);
        }
        boolean revised =
                base.revision() != null && ModelLocator.folder(base.name()).isEmpty();
        return placed(revised ? base.name() + "@" + base.revision() : base.name());
    }

    private static AdapterBaseModel placed(String model) {
        if (model.equals(ModelLocator.SAMPLE) || ModelLocator.folder(model).isPresent()) {
            return new AdapterBaseModel(model, Place.HERE);
        }
        try {
            return new AdapterBaseModel(model, ModelLocator.isOnHub(model) ? Place.HUB : Place.UNKNOWN);
        } catch (UserException e) {
            return new AdapterBaseModel(model, Place.UNKNOWN); // a folder of another computer, or no name at all
        }
    }

    /** Returns a remark if an adapter of this base model is put on another model, see {@link #remarkOnOther}. */
    public Optional<String> remarkOn(Path adapter, OpenModel opened) {
        String trainedOn = model == null
                ? ""
                : model.equals(ModelLocator.SAMPLE) ? ModelOrigin.sample().name() : model;
        return remarkOnOther(adapter, trainedOn, opened.origin().name());
    }

    /**
     * Returns a remark if an adapter was trained on another model. Only the last parts of the names are compared, since the same model may
     * be in another folder.
     *
     * @param trainedOn name of the model that the adapter was trained on; empty if unknown
     * @param opened name of the model that it is put on
     */
    public static Optional<String> remarkOnOther(Path adapter, String trainedOn, String opened) {
        String was = lastName(trainedOn);
        String is = lastName(opened);
        boolean known = Stream.of(was, is).noneMatch(name -> name.isEmpty() || Revisions.isCommit(name));
        return known && !was.equalsIgnoreCase(is)
                ? Optional.of("The adapter %s was trained on %s, and is put on %s here."
                        .formatted(adapter, trainedOn, opened))
                : Optional.empty();
    }

    private static String lastName(String name) {
        String[] parts = name.replace('\\', '/').split("/");
        return parts.length == 0 ? "" : parts[parts.length - 1].replaceFirst("@.*", "");
    }
}
