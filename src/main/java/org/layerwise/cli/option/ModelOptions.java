package org.layerwise.cli.option;

import java.io.File;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Spelling;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Output;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.cli.console.CommandContext;
import org.layerwise.cli.console.ConsoleProgress;
import org.layerwise.cli.report.ModelNotes;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ModelLocator;
import org.layerwise.study.model.OpenModel;
import picocli.CommandLine.Option;

/** Flag {@code --model}. */
public final class ModelOptions {

    /** Share of a command's progress that opening the model takes. */
    public static final double OPENED = 0.1;

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
    public String model() {
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
        return ModelSettings.of(model(), compute);
    }

    /**
     * Requires that an output lies outside of the model's folder.
     *
     * @throws UserException if it does not, or no model is named
     */
    public void keep(Output output) {
        ModelLocator.folder(model()).ifPresent(folder -> output.requireOutside("--model", folder));
    }

    /**
     * Opens the model, which may download it. Prints remarks about it before its weights are loaded, and moves the
     * progress to {@link #OPENED}.
     *
     * @param compute values of {@link ModelSettings#VALUES}
     */
    public OpenModel open(
            CommandContext context, Workbench workbench, SettingValues compute, ConsoleProgress progress) {
        return open(context, workbench, settings(compute), progress);
    }

    /**
     * Opens the model for work on a cluster, without loading its weights on this computer.
     *
     * @param compute values of {@link ModelSettings#VALUES}
     */
    public OpenModel openElsewhere(
            CommandContext context, Workbench workbench, SettingValues compute, ConsoleProgress progress) {
        return open(context, workbench, settings(compute).elsewhere(), progress);
    }

    /**
     * Opens the model.
     *
     * @param compute values of {@link ModelSettings#VALUES}
     * @param there true if a cluster does the work, so that the weights are not loaded on this computer
     */
    public OpenModel open(
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
                () -> workbench.openModel(
                        settings, new PauseSwitch(), new ModelNotes(progress), progress.part(0, OPENED)));
    }
}
