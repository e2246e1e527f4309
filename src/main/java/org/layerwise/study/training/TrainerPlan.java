package org.layerwise.study.training;

import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TrainerSettings;

/** Resolves the defaults of settings for a model and a number of rows. */
final class TrainerPlan {

    private TrainerPlan() {}

    /**
     * Returns the settings of the trainer with all defaults resolved.
     *
     * @param rows number of training rows
     */
    static TrainerSettings of(OpenModel model, DataSettings data, TrainingSettings settings, int rows) {
        TrainerSettings.Grouping grouping = grouping(data, settings);
        return new TrainerSettings(
                new TrainerSettings.Optimiser(settings.values()),
                OptimiserSettings.schedule(settings.values(), grouping.stepsPerEpoch(rows)),
                grouping,
                settings.get(OptimiserSettings.LABEL_SMOOTHING),
                settings.get(OptimiserSettings.MODEL_DROPOUT)
                        .map(model::dropout)
                        .orElseGet(() -> model.described().config().dropout()),
                new TrainerSettings.Memory(
                        settings.get(RunSettings.GRADIENT_CHECKPOINTING),
                        (long) settings.get(RunSettings.PREFIX_CACHE) << 20),
                settings.seed());
    }

    /** Returns the batch size and the number of gradient accumulation steps. */
    static TrainerSettings.Grouping grouping(DataSettings data, TrainingSettings settings) {
        return OptimiserSettings.grouping(
                settings.values(), data.batch() == null ? DataSettings.DEFAULT_BATCH : data.batch());
    }
}
