package org.layerwise.study.training;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.run.Run;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.StartMode;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ModelListener;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.TrainingListener;

/**
 * Training that resumes a run from its last checkpoint, or starts it again, with the settings in its folder.
 *
 * @param pause pauses a download of the model, and the training between steps
 */
public record ResumeJob(Workbench workbench, Path folder, PauseSwitch pause) {

    /**
     * Resumes the run with a model that is open already if it is the run's model, and opens the run's model otherwise,
     * to compute in the data type that the run has computed in. Returns also if the training is cancelled, as
     * {@link TrainingJob#run} does.
     *
     * @param open open model, which stays open; null if there is none
     * @param described receives the description of a model that this method opens
     * @param listener receives every step, on the working thread
     * @throws org.layerwise.base.UserException if there is no run in the folder, or for the reasons of
     *     {@link Workbench#openModel} and {@link TrainingJob#run}
     */
    public TrainingSummary run(
            @Nullable OpenModel open, ModelListener described, Progress progress, TrainingListener listener) {
        Run run = Run.open(folder);
        Configuration began = run.configuration();
        // one setting is another type on another device
        ModelSettings settings = run.dtype()
                .flatMap(ComputeType::named)
                .map(began.model()::withType)
                .orElse(began.model());
        return workbench.withModel(open, settings, pause, described, progress, (model, part) -> new TrainingJob(
                        workbench,
                        model,
                        began.rows(),
                        run.training(began, model.card().layers()),
                        folder,
                        StartMode.RESUME,
                        pause)
                .run(part, listener));
    }
}
