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
        TrainerSettings.Grouping grouping = new TrainerSettings.Grouping(
                data.batch() == null ? DataSettings.DEFAULT_BATCH : data.batch(),
                optimiser.accumulate(),
                optimiser.byLength());
        int steps = optimiser.totalSteps(grouping.stepsPerEpoch(rows));
        return new TrainerSettings(
                new TrainerSettings.Optimiser(
                        optimiser.learningRate(),
                        optimiser.loraPlusRatio() == null
                                ? OptionalDouble.empty()
                                : OptionalDouble.of(optimiser.loraPlusRatio()),
                        optimiser.weightDecay(),
                        optimiser.maxGradNorm()),
                new TrainerSettings.Schedule(
                        optimiser.scheduler(), optimiser.totalWarmup(steps), steps, optimiser.shape()),
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
}
