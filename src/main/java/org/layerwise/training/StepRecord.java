package org.layerwise.training;

/**
 * One step of the optimiser.
 *
 * @param step 1 for the first
 * @param totalSteps how many there will be
 * @param loss before the update, the mean over the step's rows
 * @param learningRate of this step
 * @param gradNorm Euclidean norm of all gradients, before clipping
 * @param tokensPerSecond tokens without padding that this step learned from, a second
 * @param seconds since the training started
 */
public record StepRecord(
        int step,
        int totalSteps,
        double loss,
        double learningRate,
        double gradNorm,
        double tokensPerSecond,
        double seconds) {}
