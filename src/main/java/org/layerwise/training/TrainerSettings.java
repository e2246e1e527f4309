package org.layerwise.training;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.batch.Piece;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.RowPadding;

/**
 * Complete settings of a training.
 *
 * @param optimiser values of {@link OptimiserSettings}; a weight decay is not applied to biases and normalisations
 * @param schedule schedule of the learning rate
 * @param batches batch size, gradient accumulation and grouping of rows
 * @param labelSmoothing share of the loss that is spread evenly over all classes or tokens; 0 for none
 * @param dropout the model's own dropout; the dropout of LoRA is in its settings
 * @param memory settings that save memory or time
 * @param seed seed of the order of rows and of dropout
 */
public record TrainerSettings(
        SettingValues optimiser,
        Schedule schedule,
        Grouping batches,
        double labelSmoothing,
        ModelConfig.Dropout dropout,
        Memory memory,
        long seed) {

    /**
     * Schedule of the learning rate.
     *
     * @param warmupSteps number of steps in which the learning rate rises
     * @param steps total number of optimiser steps
     * @param shape settings that only some schedulers use
     */
    public record Schedule(
            LearningRateScheduler scheduler, int warmupSteps, int steps, LearningRateScheduler.Shape shape) {

        public Schedule {
            require(warmupSteps >= 0, "The number of warm-up steps must be at least 0");
            require(steps >= 1, "The number of steps must be at least 1");
        }
    }

    /**
     * Grouping of rows into steps.
     *
     * @param rows number of rows in a micro-batch
     * @param accumulate number of micro-batches in a step
     * @param byLength true if rows of similar length are put together, as HuggingFace's {@code group_by_length} does
     * @param packed true if the rows of a micro-batch are computed side by side instead of padded, as TRL's {@code
     *     padding_free} does; a step keeps its rows
     */
    public record Grouping(int rows, int accumulate, boolean byLength, boolean packed) {

        /** Creates a grouping with padding. */
        public Grouping(int rows, int accumulate, boolean byLength) {
            this(rows, accumulate, byLength, false);
        }

        public Grouping {
            require(rows >= 1, "The batch must have at least 1 row");
            require(accumulate >= 1, "The number of batches to accumulate must be at least 1");
        }

        /** Returns the number of steps in one pass over the data. */
        public int stepsPerEpoch(int allRows) {
            return Batches.count(Batches.count(allRows, rows), accumulate);
        }

        /** Returns the rows of each micro-batch of a pass over the data. */
        List<int[]> of(TokenizedDataset data, long seed, int epoch) {
            return byLength
                    ? Batches.lengthGrouped(data, rows, accumulate, seed, epoch)
                    : Batches.shuffled(data.size(), rows, seed, epoch);
        }

        /**
         * Divides the rows of a micro-batch into the pieces that are computed together.
         *
         * @param batch rows of the micro-batch
         * @param tokens maximum number of tokens per piece
         */
        Iterable<Piece> pieces(int[] batch, TokenizedDataset data, RowPadding padding, int tokens) {
            Stream<Piece> pieces = packed
                    ? Batches.packed(batch, data, padding, tokens)
                    : Batches.pieces(batch, data, padding, tokens).stream().map(Piece::of);
            return pieces::iterator;
        }
    }

    /**
     * Settings that trade time for memory or memory for time. None of them changes a loss by more than rounding.
     *
     * @param checkpointing true if layers keep only their input for the backward pass and compute the rest again (Chen
     *     et al., arXiv 1604.06174)
     * @param prefixCacheBytes memory for the output of the layers below the lowest adapter for each row, kept for all
     *     epochs; 0 for none. Beyond this size a file is used.
     */
    public record Memory(boolean checkpointing, long prefixCacheBytes) {

        /** No checkpointing and no prefix cache. */
        public static final Memory DEFAULTS = new Memory(false, 0);
    }

    /** Returns these settings with another use of memory. */
    public TrainerSettings with(Memory other) {
        return new TrainerSettings(optimiser, schedule, batches, labelSmoothing, dropout, other, seed);
    }

    /**
     * Returns the reason why the output of frozen layers cannot be kept from epoch to epoch, or need not be, in words
     * that follow "since"; empty if there is none.
     *
     * @param lowest lowest trained layer
     * @param rows number of rows
     */
    public Optional<String> reasonAgainstPrefixCache(int lowest, int rows) {
        if (lowest == 0) {
            return Optional.of("there is no frozen layer below the lowest one that is trained");
        }
        if (dropout.beforeHead()) {
            return Optional.of(
                    "the model's own dropout changes the layers from epoch to epoch (--model-dropout 0 turns it off)");
        }
        return schedule.steps() <= batches.stepsPerEpoch(rows) ? Optional.of("no row is seen twice") : Optional.empty();
    }

    public TrainerSettings {
        require(labelSmoothing >= 0 && labelSmoothing < 1, "The label smoothing must be at least 0 and below 1");
        require(
                schedule.scheduler() != LearningRateScheduler.POLYNOMIAL
                        || schedule.shape().end() < optimiser.get(OptimiserSettings.LEARNING_RATE),
                "The learning rate must be above the %s that the polynomial ends at"
                        .formatted(schedule.shape().end()));
    }

    /**
     * Returns the learning rate of A in a step.
     *
     * @param step number of completed steps, 0 before the first
     */
    double learningRate(int step) {
        double highest = optimiser.get(OptimiserSettings.LEARNING_RATE);
        return highest * schedule.scheduler().factor(step, schedule, highest);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new UserException(message + ".");
        }
    }
}
