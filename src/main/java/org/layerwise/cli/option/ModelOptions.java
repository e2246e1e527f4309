package org.layerwise.cli.option;

import java.io.File;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Spelling;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Output;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.model.ModelLocator;
import picocli.CommandLine.Option;

/** Flag {@code --model}. */
public final class ModelOptions {

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "Folder of a HuggingFace checkpoint (config.json, *.safetensors, tokenizer.json); a model of the"
                            + " HuggingFace hub as org/name or org/name@revision, downloaded if need be; or \"sample\" for the"
                            + " bundled bge-small-en-v1.5.")
    private @Nullable String model;

    public boolean given() {
        return model != null;
    }

    /**
     * Returns the name of the model.
     *
     * @throws UserException if no model is named, or the name looks like a misspelt {@code sample} and is not a folder
     */
    public String name() {
        if (model == null) {
            throw new UserException("No model is named; give --model MODEL, or --model sample.");
        }
        if (!model.equals(ModelLocator.SAMPLE)
                && Spelling.near(model, ModelLocator.SAMPLE)
                && !new File(model).exists()) {
            throw new UserException(
                    "There is no folder %s; did you mean --model %s?".formatted(model, ModelLocator.SAMPLE));
        }
        return model;
    }

    /**
     * Returns the model settings of the flags.
     *
     * @param compute values of {@link ModelSettings#VALUES}
     */
    public ModelSettings settings(SettingValues compute) {
        return ModelSettings.of(name(), compute);
    }

    /**
     * Requires that an output lies outside of the model's folder.
     *
     * @throws UserException if it does not, or no model is named
     */
    public void keep(Output output) {
        ModelLocator.folder(name()).ifPresent(folder -> output.requireOutside("--model", folder));
    }
}
