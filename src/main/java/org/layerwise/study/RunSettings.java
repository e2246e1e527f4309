package org.layerwise.study;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/**
 * What happens around the steps of a run. None of it changes a loss.
 *
 * @param evaluateEvery steps between evaluations on the validation rows; null for once an epoch
 * @param keepBest whether the adapter of the best evaluation is kept rather than the last
 * @param bestMetric what is best: {@code loss} or a metric's name; null for the task's own
 * @param patience evaluations without a better one after which the run stops; null for never
 * @param checkpointEvery steps between checkpoints to resume from; null for once an epoch, 0 for none
 * @param gradientCheckpointing whether layers compute their inner values again for the backward pass
 * @param prefixCache memory in MiB for what the layers below the lowest adapter give, from epoch to epoch; 0 for none
 * @param tensorboard whether event files for TensorBoard are written
 */
public record RunSettings(
        @Nullable Integer evaluateEvery,
        boolean keepBest,
        @Nullable String bestMetric,
        @Nullable Integer patience,
        @Nullable Integer checkpointEvery,
        boolean gradientCheckpointing,
        int prefixCache,
        boolean tensorboard) {

    /** What is done when nothing is said. */
    public static final RunSettings USUAL = new RunSettings(null, false, null, null, null, false, 0, false);

    /**
     * Whether a word asks for event files.
     *
     * @param source the flag or key, for messages
     * @param word {@code none} or {@code tensorboard}; null as {@code none}
     * @throws UserException if it is another word
     */
    public static boolean tensorboard(String source, @Nullable String word) {
        if (word == null || word.equals("none")) {
            return false;
        }
        if (!word.equals("tensorboard")) {
            throw new UserException("%s must be none or tensorboard, but is \"%s\".".formatted(source, word));
        }
        return true;
    }
}
