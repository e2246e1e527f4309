package org.layerwise.training;

/**
 * Record of one optimiser step.
 *
 * @param step number of the step, 1 for the first
 * @param totalSteps total number of steps
 * @param loss mean loss over the step's rows before the update
 * @param learningRate learning rate of this step
 * @param gradNorm Euclidean norm of all gradients, before clipping
 * @param tokensPerSecond tokens without padding in this step, per second
 * @param seconds time of this step and all earlier ones, including those before a resume, without pauses and
 *     evaluations
 * @param memoryBytes memory of the process, also on a GPU; of a job on a cluster, the peak so far of its first worker's
 *     process or, on a GPU, of the tensors on its card; 0 if the system does not report it
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
