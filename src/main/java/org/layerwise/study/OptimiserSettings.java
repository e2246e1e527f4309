package org.layerwise.study;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.training.Scheduler;

/**
 * How the weights go from step to step.
 *
 * @param learningRate at its highest
 * @param loraPlusRatio what the learning rate of B is multiplied with; null for the same rate
 * @param warmupRatio share of the steps in which it rises; in force if {@code warmupSteps} is null
 * @param shape of what only some schedulers have
 * @param epochs passes over the data; in force if {@code steps} is null
 * @param accumulate batches a step
 * @param byLength whether rows of like length make a batch
 * @param maxGradNorm 0 for no limit
 * @param labelSmoothing share of the loss that is spread evenly over all classes or tokens
 * @param modelDropout the model's own, everywhere the same; null: as its config.json says
 */
public record OptimiserSettings(
        double learningRate,
        @Nullable Double loraPlusRatio,
        Scheduler scheduler,
        Scheduler.Shape shape,
        @Nullable Double warmupRatio,
        @Nullable Integer warmupSteps,
        double weightDecay,
        double epochs,
        @Nullable Integer steps,
        int accumulate,
        boolean byLength,
        double maxGradNorm,
        double labelSmoothing,
        @Nullable Double modelDropout) {

    /** Weeks at ten steps a second; a job for a cluster lists a learning rate for each of them. */
    private static final int MOST_STEPS = 10_000_000;

    /** What is done when nothing is said. */
    public static final OptimiserSettings USUAL = new OptimiserSettings(
            1e-3, null, Scheduler.LINEAR, Scheduler.Shape.USUAL, 0.06, null, 0, 1, null, 1, false, 1, 0, null);

    /** The same with another learning rate. */
    public OptimiserSettings withLearningRate(double rate) {
        return new OptimiserSettings(
                rate,
                loraPlusRatio,
                scheduler,
                shape,
                warmupRatio,
                warmupSteps,
                weightDecay,
                epochs,
                steps,
                accumulate,
                byLength,
                maxGradNorm,
                labelSmoothing,
                modelDropout);
    }

    /** The same with another ratio of learning rates; null for one rate. */
    public OptimiserSettings withLoraPlusRatio(@Nullable Double ratio) {
        return new OptimiserSettings(
                learningRate,
                ratio,
                scheduler,
                shape,
                warmupRatio,
                warmupSteps,
                weightDecay,
                epochs,
                steps,
                accumulate,
                byLength,
                maxGradNorm,
                labelSmoothing,
                modelDropout);
    }

    /** The same for another number of passes, or of steps if that is not null. */
    public OptimiserSettings lasting(double passes, @Nullable Integer number) {
        return new OptimiserSettings(
                learningRate,
                loraPlusRatio,
                scheduler,
                shape,
                warmupRatio,
                warmupSteps,
                weightDecay,
                passes,
                number,
                accumulate,
                byLength,
                maxGradNorm,
                labelSmoothing,
                modelDropout);
    }

    /**
     * The number of optimiser steps, with so many in an epoch.
     *
     * @throws UserException if they are more than anybody waits for; a plan has a learning rate for each of them
     */
    int totalSteps(int stepsPerEpoch) {
        double total = steps != null ? steps : Math.max(1, Math.ceil(epochs * stepsPerEpoch));
        if (total > MOST_STEPS) {
            throw new UserException(
                    "%s are more than the %s optimiser steps that one training may take; ask for fewer %s."
                            .formatted(
                                    steps != null
                                            ? steps + " steps"
                                            : "%s epochs of %s steps".formatted(epochs, stepsPerEpoch),
                                    MOST_STEPS,
                                    steps != null ? "steps" : "epochs"));
        }
        return (int) total;
    }

    /** The number of steps in which the learning rate rises, rounded up as HuggingFace's Trainer does. */
    int totalWarmup(int totalSteps) {
        if (warmupSteps != null) {
            return warmupSteps;
        }
        return warmupRatio == null ? 0 : (int) Math.ceil(warmupRatio * totalSteps);
    }
}
