package org.layerwise.cli;

import org.layerwise.base.PauseSwitch;
import org.layerwise.cli.console.ConsoleProgress;
import org.layerwise.cli.option.ModelOptions;
import org.layerwise.cli.report.ModelNotes;
import org.layerwise.data.file.DataSource;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.Workbench;
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
        ModelSettings settings = there ? here.elsewhere() : here;
        namedData().ifPresent(DataSource::requireExisting); // before a download, and before libtorch starts
        return context()
                .keepingDownload(
                        settings.model(),
                        () -> workbench.openModel(
                                settings, new PauseSwitch(), new ModelNotes(progress), use, progress.part(0, OPENED)));
    }
}
