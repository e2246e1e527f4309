package org.layerwise.training;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.layerwise.base.Progress;
import org.layerwise.data.Batch;
import org.layerwise.data.Batches;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.model.Transformer;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.TensorEngine;

/**
 * The gradient of one optimiser step. A step over several micro-batches has the gradient of one batch with all their rows,
 * whatever their sizes, as HuggingFace's Trainer has it for language models since 4.46.
 *
 * <p>Random numbers start afresh with every piece of a step and every part of the model ({@link Draws}), so that a training that
 * goes on from a checkpoint drops the same elements as one that was never interrupted.
 */
final class StepGradient implements AutoCloseable {

    /**
     * What a step saw.
     *
     * @param loss the mean
     * @param tokens without padding
     * @param suspects the rows whose loss is not a number; all of the step if there are none
     */
    record Seen(double loss, long tokens, int[] suspects) {}

    private final AdaptedModel model;
    private final Objective objective;
    private final TrainerSettings settings;
    private final TensorEngine engine;
    private final Prefix prefix;
    private final PieceGradient pieces;

    private final Optional<String> remark;

    /** @param scratch a folder for files that live as long as this */
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
        this.pieces = new PieceGradient(model, model.head().feeding(transformer), this.objective, settings, prefix);
    }

    /** What people should know of how it goes about it, a sentence. */
    Optional<String> remark() {
        return remark;
    }

    /** The rows of each micro-batch of a pass over the data. */
    List<int[]> batches(int epoch) {
        return settings.batches().of(prefix.rows(), settings.seed(), epoch);
    }

    /**
     * Adds the gradient of the mean loss of some batches to that of the parameters: the sum over all their rows, or learnt
     * tokens, divided by how many there are, in whatever pieces they are computed.
     *
     * @param group the rows of each batch
     * @param step 0 for the first
     * @param scale what the gradient is multiplied with
     * @throws org.layerwise.base.CancelledException between two layers
     */
    Seen add(List<int[]> group, int step, double scale, Progress progress) {
        long all = group.stream().mapToLong(objective::weight).sum();
        ModelConfig config = model.base().config();
        int most = Batches.tokensAPiece(config, model.base().device());
        double loss = 0;
        long tokens = 0;
        int number = 0;
        int[] suspects = {};
        for (int[] batch : group) {
            prefix.prepare(batch, progress);
            for (Batch piece : Batches.pieces(batch, prefix.rows(), config.rowPadding(), most)) {
                progress.check();
                double share = all == 0 ? 0 : (double) objective.weight(piece.rows()) / all;
                Draws draws = new Draws(engine, model.base().config().layers(), settings.seed(), step, number++);
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
