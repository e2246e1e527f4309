package org.layerwise.training;

import java.util.List;
import java.util.OptionalDouble;
import org.layerwise.base.UserException;
import org.layerwise.data.Batches;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.model.config.ModelConfig;

/**
 * How a model is trained, with everything decided.
 *
 * @param optimiser what a gradient does to the weights
 * @param schedule how the learning rate goes with the steps
 * @param batches which rows make a step
 * @param labelSmoothing share of the loss that is spread evenly over all classes or tokens; 0 for none
 * @param dropout the model's own; LoRA's is in its settings
 * @param memory what is given for memory
 * @param seed of the order of rows and of dropout
 */
public record TrainerSettings(
        Optimiser optimiser,
        Schedule schedule,
        Grouping batches,
        double labelSmoothing,
        ModelConfig.Dropout dropout,
        Memory memory,
        long seed) {

    /**
     * AdamW.
     *
     * @param learningRate at its highest
     * @param loraPlusRatio what the learning rate of B is multiplied with (LoRA+, Hayou et al., arXiv 2402.12354); empty for
     *     the same rate
     * @param weightDecay decoupled; not on biases
     * @param maxGradNorm gradients are scaled down to this Euclidean norm; 0 for no limit
     */
    public record Optimiser(double learningRate, OptionalDouble loraPlusRatio, double weightDecay, double maxGradNorm) {

        public Optimiser {
            require(learningRate > 0 && Double.isFinite(learningRate), "The learning rate must be greater than 0");
            require(
                    loraPlusRatio.isEmpty()
                            || loraPlusRatio.getAsDouble() > 0 && Double.isFinite(loraPlusRatio.getAsDouble()),
                    "The LoRA+ ratio must be greater than 0");
            require(weightDecay >= 0 && Double.isFinite(weightDecay), "The weight decay must be at least 0");
            require(maxGradNorm >= 0, "The largest gradient norm must be at least 0 (0 for no limit)");
        }
    }

    /**
     * How the learning rate goes.
     *
     * @param warmupSteps during which it rises
     * @param steps number of optimiser steps in all
     * @param shape of what only some schedulers have
     */
    public record Schedule(Scheduler scheduler, int warmupSteps, int steps, Scheduler.Shape shape) {

        public Schedule {
            require(warmupSteps >= 0, "The number of warm-up steps must be at least 0");
            require(steps >= 1, "The number of steps must be at least 1");
        }

        /** With the usual shape. */
        public Schedule(Scheduler scheduler, int warmupSteps, int steps) {
            this(scheduler, warmupSteps, steps, Scheduler.Shape.USUAL);
        }

        /**
         * What the learning rate is multiplied with.
         *
         * @param step the number of steps already taken, 0 before the first
         * @param learningRate the highest, which the polynomial's end is measured against
         */
        public double factor(int step, double learningRate) {
            return scheduler.factor(step, this, learningRate);
        }
    }

    /**
     * Which rows make a step.
     *
     * @param rows in a micro-batch
     * @param accumulate micro-batches in a step
     * @param byLength whether rows of like length go together, as HuggingFace's {@code group_by_length}
     */
    public record Grouping(int rows, int accumulate, boolean byLength) {

        public Grouping {
            require(rows >= 1, "The batch must have at least 1 row");
            require(accumulate >= 1, "The number of batches to accumulate must be at least 1");
        }

        /** The number of steps in one pass over the data. */
        public int stepsPerEpoch(int allRows) {
            return Batches.count(Batches.count(allRows, rows), accumulate);
        }

        /**
         * The rows of each micro-batch of a pass over the data.
         */
        List<int[]> of(TokenizedDataset data, long seed, int epoch) {
            return byLength
                    ? Batches.lengthGrouped(data, rows, accumulate, seed, epoch)
                    : Batches.shuffled(data.size(), rows, seed, epoch);
        }
    }

    /**
     * What is given for memory, or taken for time. None of it changes a loss.
     *
     * @param checkpointing whether layers keep only their input for the backward pass and compute the rest again (Chen et
     *     al., arXiv 1604.06174)
     * @param prefixCacheBytes memory for what the layers below the lowest adapter give for each row, from one epoch to the
     *     next; 0 for none. Beyond it a file is used.
     */
    public record Memory(boolean checkpointing, long prefixCacheBytes) {

        /** Neither. */
        public static final Memory USUAL = new Memory(false, 0);
    }

    public TrainerSettings {
        require(labelSmoothing >= 0 && labelSmoothing < 1, "The label smoothing must be at least 0 and below 1");
        require(
                schedule.scheduler() != Scheduler.POLYNOMIAL || schedule.shape().end() < optimiser.learningRate(),
                "The learning rate must be above the %s that the polynomial ends at"
                        .formatted(schedule.shape().end()));
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new UserException(message + ".");
        }
    }
}
