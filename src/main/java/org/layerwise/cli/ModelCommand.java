package org.layerwise.cli;

import org.layerwise.base.PauseSwitch;
import org.layerwise.cli.console.ConsoleProgress;
import org.layerwise.cli.option.ModelOptions;
import org.layerwise.cli.report.ModelNotes;
import org.layerwise.data.file.DataSource;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ModelListener;
import org.layerwise.study.model.ModelUse;
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
        return open(workbench, false, ModelUse.ANY, progress);
    }

    /** Opens the model for work on a cluster, without loading its weights on this computer. */
    final OpenModel openElsewhere(Workbench workbench, ConsoleProgress progress) {
        return open(workbench, true, ModelUse.ANY, progress);
    }

    /**
     * Opens the model.
     *
     * @param there true if a cluster does the work, so that the weights are not loaded on this computer
     * @param use work for which alone the model is used
     */
    final OpenModel open(Workbench workbench, boolean there, ModelUse use, ConsoleProgress progress) {
        ModelSettings here = model.settings(compute());
        return open(workbench, there ? here.elsewhere() : here, new ModelNotes(progress), use, progress);
    }

    /** Opens the model without loading its weights, for work that reads them from their files one by one. */
    final OpenModel openFiles(Workbench workbench, ConsoleProgress progress) {
        ModelSettings settings = model.settings(compute()).withLoading(Loading.LAYERS);
        return open(workbench, settings, ModelListener.none(), ModelUse.FORWARD, progress);
    }

    private OpenModel open(
            Workbench workbench,
            ModelSettings settings,
            ModelListener listener,
            ModelUse use,
            ConsoleProgress progress) {
        namedData().ifPresent(DataSource::requireExisting); // before a download, and before libtorch starts
        return context()
                .keepingDownload(
                        settings.model(),
                        () -> workbench.openModel(
                                settings, new PauseSwitch(), listener, use, progress.part(0, OPENED)));
    }
}
