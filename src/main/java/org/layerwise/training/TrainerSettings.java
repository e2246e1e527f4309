package org.layerwise.training;

import org.layerwise.base.UserException;
import org.layerwise.model.config.ModelConfig;

/**
 * How a model is trained, with everything decided.
 *
 * @param learningRate at its highest
 * @param warmupSteps during which it rises
 * @param weightDecay decoupled; not on biases
 * @param steps number of optimiser steps in all
 * @param batch rows in a micro-batch
 * @param accumulate micro-batches in a step
 * @param maxGradNorm gradients are scaled down to this Euclidean norm; 0 for no limit
 * @param seed of the order of rows and of dropout
 * @param dropout the model's own; LoRA's is in its settings
 */
public record TrainerSettings(
        double learningRate,
        Scheduler scheduler,
        int warmupSteps,
        double weightDecay,
        int steps,
        int batch,
        int accumulate,
        double maxGradNorm,
        long seed,
        ModelConfig.Dropout dropout) {

    public TrainerSettings {
        require(learningRate > 0 && Double.isFinite(learningRate), "The learning rate must be greater than 0");
        require(warmupSteps >= 0, "The number of warm-up steps must be at least 0");
        require(weightDecay >= 0 && Double.isFinite(weightDecay), "The weight decay must be at least 0");
        require(steps >= 1, "The number of steps must be at least 1");
        require(batch >= 1, "The batch must have at least 1 row");
        require(accumulate >= 1, "The number of batches to accumulate must be at least 1");
        require(maxGradNorm >= 0, "The largest gradient norm must be at least 0 (0 for no limit)");
    }

    /** The number of steps in one pass over the data. */
    public static int stepsPerEpoch(int rows, int batch, int accumulate) {
        int batches = (rows + batch - 1) / batch;
        return (batches + accumulate - 1) / accumulate;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new UserException(message + ".");
        }
    }
}
