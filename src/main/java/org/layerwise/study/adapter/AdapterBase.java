package org.layerwise.study.adapter;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.lora.BaseModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.lora.PeftConfig;
import org.layerwise.study.model.ModelLocator;
import org.layerwise.study.model.ModelOrigin;

/**
 * Base model of an adapter in the format of HuggingFace PEFT, and the place where it can be opened.
 *
 * @param model name to open the model by: a folder, {@code org/name@revision}, or {@link ModelLocator#SAMPLE}; null if the adapter's file
 *     names no model
 */
public record AdapterBase(@Nullable String model, Place place) {

    /** Place of a base model. */
    public enum Place {
        /** A folder of this computer, or the sample model. */
        HERE,
        /** The hub of HuggingFace, or its cache. */
        HUB,
        /** Neither, as with a folder of another computer. */
        UNKNOWN
    }

    /** Returns true if a folder holds an adapter, as PEFT writes it. */
    public static boolean isAdapter(Path folder) {
        return Files.isRegularFile(folder.resolve(PeftAdapter.CONFIG));
    }

    /**
     * Reads the base model from the {@code adapter_config.json} of an adapter.
     *
     * @throws UserException if the file is missing or broken, or the adapter is of a kind that is not supported
     */
    public static AdapterBase read(Path folder) {
        BaseModel base = PeftConfig.read(PeftAdapter.configFile(folder)).base();
        if (base == null) {
            return new AdapterBase(null, Place.UNKNOWN);
        }
        if (base.name().equals(ModelOrigin.sample().name())) {
            return new AdapterBase(ModelLocator.SAMPLE, Place.HERE);
        }
        if (ModelLocator.folder(base.name()).isPresent()) {
            return new AdapterBase(base.name(), Place.HERE);
        }
        String named = base.revision() == null ? base.name() : base.name() + "@" + base.revision();
        try {
            return new AdapterBase(named, ModelLocator.isOnHub(named) ? Place.HUB : Place.UNKNOWN);
        } catch (UserException e) {
            return new AdapterBase(base.name(), Place.UNKNOWN); // a folder of another computer, or no name at all
        }
    }
}
