package org.layerwise.cli;

import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.cli.console.ConsoleProgress;
import org.layerwise.cli.option.ModelOptions;
import org.layerwise.cli.report.ModelNotes;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ModelListener;
import org.layerwise.study.model.OpenModel;
import picocli.CommandLine.Mixin;

/** Base class of the commands that read a model: the flag {@code --model}, and how the model is opened. */
abstract class ModelCommand extends LayerwiseCommand {

    /** Share of a command's progress that opening the model takes. */
    static final double OPENED = 0.1;

    @Mixin
    private ModelOptions model = new ModelOptions();

    final ModelOptions model() {
        return model;
    }

    /**
     * Opens the model, which may download it. Prints remarks about it before its weights are loaded, and moves the
     * progress to {@link #OPENED}.
     */
    final OpenModel open(Workbench workbench, ConsoleProgress progress) {
        return open(workbench, false, progress);
    }

    /** Opens the model as {@link #open(Workbench, ConsoleProgress)} does, to generate and for nothing else. */
    final OpenModel openToGenerate(Workbench workbench, ConsoleProgress progress) {
        return opened(model.settings(compute()), progress, workbench::openToGenerate);
    }

    /** Opens the model for work on a cluster, without loading its weights on this computer. */
    final OpenModel openElsewhere(Workbench workbench, ConsoleProgress progress) {
        return open(workbench, true, progress);
    }

    /**
     * Opens the model.
     *
     * @param there true if a cluster does the work, so that the weights are not loaded on this computer
     */
    final OpenModel open(Workbench workbench, boolean there, ConsoleProgress progress) {
        ModelSettings here = model.settings(compute());
        ModelSettings settings = there ? here.elsewhere() : here;
        return opened(settings, progress, workbench::openModel);
    }

    /** Way of a workbench to open a model. */
    @FunctionalInterface
    private interface Opening {
        OpenModel open(ModelSettings settings, PauseSwitch pause, ModelListener listener, Progress progress);
    }

    private OpenModel opened(ModelSettings settings, ConsoleProgress progress, Opening opening) {
        return context()
                .keepingDownload(
                        settings.model(),
                        () -> opening.open(
                                settings, new PauseSwitch(), new ModelNotes(progress), progress.part(0, OPENED)));
    }
}
