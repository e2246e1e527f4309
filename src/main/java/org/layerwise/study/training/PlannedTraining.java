package org.layerwise.study.training;

import java.nio.file.Path;
import java.util.Map;
import org.layerwise.base.Progress;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.run.RunConfig;
import org.layerwise.run.RunIdentity;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.TaskKind;

/**
 * Training whose effective settings and inputs are known before it begins.
 *
 * @param rows number of training rows
 * @param inputs identity of the rows and of the initial adapter; that of the weights is unknown
 */
public record PlannedTraining(OpenModel model, DataSettings data, TaskKind task, int rows, RunIdentity inputs) {

    /**
     * Reads the inputs as a training does, and hashes them apart from the weights.
     *
     * @param settings settings of the training; those of its steps do not count
     * @throws org.layerwise.base.UserException if the inputs cannot be read, or settings or inputs do not fit the model
     */
    public static PlannedTraining of(
            Workbench workbench, OpenModel model, DataSettings data, TrainingSettings settings, Progress progress) {
        // the inputs do not depend on the kind of adapters, and PiSSA or DoRA would compute with all weights
        TrainingSettings plain = settings.with(settings.adapter().with(LoraSettings.VARIANT, LoraVariant.PLAIN));
        try (TrainingInputs inputs = TrainingInputs.readWithoutWeights(workbench, model, data, plain, progress)) {
            TrainingRequest.requireUsable(data, settings, inputs);
            return new PlannedTraining(
                    model, data, inputs.task(), inputs.train().tokens().size(), inputs.identity());
        }
    }

    /**
     * Returns the identity of the inputs with that of the weights, whose files are read when it is first asked for.
     *
     * @throws org.layerwise.base.UserException for the reasons of {@link OpenModel#identity}
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    public RunIdentity identity(Progress progress) {
        return inputs.withWeights(model.identity(progress));
    }

    /** Returns the number of steps of a training with such settings. */
    public int steps(TrainingSettings settings) {
        return TrainingRequest.trainer(model, data, settings, rows).schedule().steps();
    }

    /**
     * Returns the flags that a run with new adapters will write to {@code config.yaml}.
     *
     * @param out folder of the run
     * @param settings settings of the run, with the task of this training
     */
    public Map<String, Object> flags(Path out, TrainingSettings settings) {
        return RunConfig.flags(
                out,
                model.reference(),
                model.settings(),
                data,
                rows,
                task,
                TrainingInputs.loraConfig(model, settings.adapter()),
                settings,
                TrainingRequest.trainer(model, data, settings, rows));
    }
}
