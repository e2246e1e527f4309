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
 * @param seconds that this step and all before it took, those before a resume included, pauses and evaluations left out
 * @param memoryBytes that the process holds, or on a GPU the device; 0 where the system does not tell
 */
public record StepRecord(
        int step,
        int totalSteps,
        double loss,
        double learningRate,
        double gradNorm,
        double tokensPerSecond,
        double seconds,
        long memoryBytes) {}
