package org.layerwise.study.training;

import java.nio.file.Path;
import java.util.Map;
import org.layerwise.base.Progress;
import org.layerwise.data.DataHash;
import org.layerwise.data.Dataset;
import org.layerwise.data.Split;
import org.layerwise.run.ModelIdentity;
import org.layerwise.run.RunConfig;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.model.TaskChoice;
import org.layerwise.training.TaskKind;

/**
 * Training whose effective settings are known before its model is built.
 *
 * @param rows number of training rows
 * @param dataSha256 SHA-256 hash over the texts of the training rows
 * @param weights identity of the model's configuration and weights
 */
public record PlannedTraining(
        OpenModel model, DataSettings data, TaskKind task, int rows, String dataSha256, ModelIdentity weights) {

    /**
     * Reads the training rows, and hashes them and the weights.
     *
     * @param settings settings of the training, of which only the task is used
     * @throws org.layerwise.base.UserException if the rows or the weights cannot be read
     */
    public static PlannedTraining of(
            Workbench workbench, OpenModel model, DataSettings data, TrainingSettings settings, Progress progress) {
        Dataset rows = workbench.read(
                data, TaskChoice.labelUse(model.described(), settings.task()), Split.TRAIN, progress.part(0, 0.5));
        return new PlannedTraining(
                model,
                data,
                TaskChoice.of(model.described(), settings.task(), rows.labels()),
                rows.size(),
                DataHash.of(rows),
                model.identity(progress.part(0.5, 1)));
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
                TrainingInputsLoader.loraConfig(model, settings.adapter()),
                settings,
                TrainerPlan.of(model, data, settings, rows));
    }
}
