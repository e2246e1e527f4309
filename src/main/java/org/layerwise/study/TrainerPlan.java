package org.layerwise.study;

import java.util.OptionalDouble;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.training.TrainerSettings;

/** Decides what settings leave open, for a model and a number of rows. */
final class TrainerPlan {

    private TrainerPlan() {}

    /** Everything decided, for so many rows. */
    static TrainerSettings of(OpenModel model, DataSettings data, TrainingSettings settings, int rows) {
        OptimiserSettings optimiser = settings.optimiser();
        TrainerSettings.Grouping grouping = grouping(data, optimiser);
        return new TrainerSettings(
                optimiser(optimiser),
                schedule(optimiser, grouping, rows),
                grouping,
                optimiser.labelSmoothing(),
                optimiser.modelDropout() == null
                        ? model.described().config().dropout()
                        : ModelConfig.Dropout.everywhere(optimiser.modelDropout()),
                new TrainerSettings.Memory(
                        settings.run().gradientCheckpointing(),
                        (long) settings.run().prefixCache() << 20),
                settings.seed());
    }

    static TrainerSettings.Optimiser optimiser(OptimiserSettings settings) {
        return new TrainerSettings.Optimiser(
                settings.learningRate(),
                settings.loraPlusRatio() == null ? OptionalDouble.empty() : OptionalDouble.of(settings.loraPlusRatio()),
                settings.weightDecay(),
                settings.maxGradNorm());
    }

    static TrainerSettings.Grouping grouping(DataSettings data, OptimiserSettings settings) {
        return new TrainerSettings.Grouping(
                data.batch() == null ? DataSettings.DEFAULT_BATCH : data.batch(),
                settings.accumulate(),
                settings.byLength());
    }

    static TrainerSettings.Schedule schedule(OptimiserSettings settings, TrainerSettings.Grouping grouping, int rows) {
        int steps = settings.totalSteps(grouping.stepsPerEpoch(rows));
        return new TrainerSettings.Schedule(settings.scheduler(), settings.totalWarmup(steps), steps, settings.shape());
    }
}
