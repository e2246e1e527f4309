package org.layerwise.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Output;
import org.layerwise.base.Pause;
import org.layerwise.base.Spelling;
import org.layerwise.base.UserException;
import org.layerwise.settings.SettingValues;
import org.layerwise.study.InputFiles;
import org.layerwise.study.ModelNames;
import org.layerwise.study.ModelSettings;
import org.layerwise.study.OpenModel;
import org.layerwise.study.Workbench;
import picocli.CommandLine.Option;

/** {@code --model}. */
final class ModelOptions {

    /** The part of a command's progress in which its model is opened. */
    static final double OPENED = 0.1;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "Folder of a HuggingFace checkpoint (config.json, *.safetensors, tokenizer.json); a model of the"
                            + " HuggingFace hub as org/name or org/name@revision, downloaded if need be; or \"sample\" for the"
                            + " bundled bge-small-en-v1.5.")
    private @Nullable String model;

    boolean given() {
        return model != null;
    }

    /** @throws UserException if none is named, or a folder that is not there seems to be the sample */
    String model() {
        if (model == null) {
            throw new UserException("No model is named; give --model MODEL, or --model sample.");
        }
        if (!model.equals(ModelNames.SAMPLE)
                && Spelling.near(model, ModelNames.SAMPLE)
                && !Files.exists(Path.of(model))) {
            throw new UserException(
                    "There is no folder %s; did you mean --model %s?".formatted(model, ModelNames.SAMPLE));
        }
        return model;
    }

    /**
     * Returns the model with what other flags say of it.
     *
     * @param compute of {@link ModelSettings#VALUES}
     */
    ModelSettings settings(SettingValues compute) {
        return ModelSettings.of(model(), compute);
    }

    /**
     * Makes sure that an output lies outside of the model's folder.
     *
     * @throws UserException if it does not, or no model is named
     */
    void keep(Output output) {
        InputFiles.ofModel(model()).ifPresent(folder -> output.requireOutside("--model", folder));
    }

    /**
     * Opens the model, which may download it, and says what is worth knowing before its weights are loaded. Moves the
     * progress to {@link #OPENED}.
     */
    OpenModel open(CommandContext context, Workbench workbench, SettingValues compute, ConsoleProgress progress) {
        return open(context, workbench, settings(compute), progress);
    }

    /** The same for work on a cluster, which wants no weights here. */
    OpenModel openElsewhere(
            CommandContext context, Workbench workbench, SettingValues compute, ConsoleProgress progress) {
        return open(context, workbench, settings(compute).elsewhere(), progress);
    }

    /** @param there whether a cluster does the work */
    OpenModel open(
            CommandContext context,
            Workbench workbench,
            SettingValues compute,
            boolean there,
            ConsoleProgress progress) {
        return there
                ? openElsewhere(context, workbench, compute, progress)
                : open(context, workbench, compute, progress);
    }

    private static OpenModel open(
            CommandContext context, Workbench workbench, ModelSettings settings, ConsoleProgress progress) {
        return context.keepingDownload(
                settings.model(),
                () -> workbench.openModel(settings, new Pause(), new ModelNotes(progress), progress.part(0, OPENED)));
    }
}
