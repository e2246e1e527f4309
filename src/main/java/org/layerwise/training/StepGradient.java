package org.layerwise.training;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.layerwise.base.Progress;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.model.Transformer;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.TensorEngine;

/**
 * Gradient of one optimiser step. A step over several micro-batches has the gradient of one batch with all their rows,
 * for any sizes of the micro-batches, as in HuggingFace's Trainer for language models since 4.46.
 *
 * <p>Random numbers are seeded anew for every piece of a step and every part of the model ({@link DropoutRandom}), so that a
 * training that resumes from a checkpoint drops the same elements as one that was never interrupted.
 */
final class StepGradient implements AutoCloseable {

    /**
     * Loss and data of a step.
     *
     * @param loss mean loss
     * @param tokens number of tokens without padding
     * @param suspects rows of the first piece whose loss is not finite; all rows of the step if there is none
     */
    record Seen(double loss, long tokens, int[] suspects) {}

    private final AdaptedModel model;
    private final Objective objective;
    private final TrainerSettings settings;
    private final TensorEngine engine;
    private final Prefix prefix;
    private final MicroBatchGradient pieces;

    private final Optional<String> remark;

    /** @param scratch folder for files that live as long as this object */
    StepGradient(
            AdaptedModel model, TokenizedDataset data, Objective objective, TrainerSettings settings, Path scratch) {
        this.model = model;
        this.objective = objective.smoothed(settings.labelSmoothing());
        this.settings = settings;
        this.engine = model.base().engine();
        Transformer transformer = model.training(settings.dropout());
        PrefixCache cache = PrefixCache.of(model, transformer, data, settings, scratch);
        this.prefix = cache.prefix();
        this.remark = cache.remark();
        this.pieces =
                new MicroBatchGradient(model, model.head().feeding(transformer), this.objective, settings, prefix);
    }

    /** Returns one sentence on the prefix cache for the user; empty if no cache was requested. */
    Optional<String> remark() {
        return remark;
    }

    /** Returns true if the outputs of frozen layers are kept from epoch to epoch. */
    boolean prefixCached() {
        return prefix instanceof CachedPrefix;
    }

    /** Returns the rows of each micro-batch of a pass over the data. */
    List<int[]> batches(int epoch) {
        return settings.batches().of(prefix.rows(), settings.seed(), epoch);
    }

    /**
     * Adds the gradient of the mean loss of some batches to the gradients of the parameters. The mean is the sum over
     * all rows, or labelled tokens, divided by their number, for any division into pieces.
     *
     * @param group rows of each batch
     * @param step number of the step, 0 for the first
     * @param scale factor of the gradient
     * @throws org.layerwise.base.CancelledException between two layers
     */
    Seen add(List<int[]> group, int step, double scale, Progress progress) {
        long all = group.stream().mapToLong(objective::weight).sum();
        ModelConfig config = model.base().config();
        int most = Batches.tokensPerPiece(
                config, model.base().device(), model.base().transformer().type());
        double loss = 0;
        long tokens = 0;
        int number = 0;
        int[] suspects = {};
        for (int[] batch : group) {
            prefix.prepare(batch, progress);
            for (Batch piece : Batches.pieces(batch, prefix.rows(), config.rowPadding(), most)) {
                progress.check();
                double share = all == 0 ? 0 : (double) objective.weight(piece.rows()) / all;
                DropoutRandom draws =
                        new DropoutRandom(engine, model.base().config().layers(), settings.seed(), step, number++);
                double part = pieces.add(piece, draws, share * scale, progress) * share;
                if (!Double.isFinite(part) && suspects.length == 0) {
                    suspects = piece.rows();
                }
                loss += part;
                tokens += Arrays.stream(piece.tokens().mask()).sum();
            }
        }
        return new Seen(loss, tokens, suspects.length > 0 ? suspects : rows(group));
    }

    private static int[] rows(List<int[]> group) {
        return group.stream().flatMapToInt(Arrays::stream).toArray();
    }

    @Override
    public void close() {
        prefix.close();
    }
}
