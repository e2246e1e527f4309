package org.layerwise.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.batch.Piece;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.model.Transformer;
import org.layerwise.tensor.OutOfMemoryErrors;
import org.layerwise.tensor.Tensor;
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

    /**
     * Losses of a step that are still on the device: reading one would wait for all work before it.
     *
     * @param tokens number of tokens without padding
     */
    record Unread(List<Part> parts, long tokens) {

        /**
         * @param loss mean loss of the piece, a scalar
         * @param share share of the piece in the mean of the step
         */
        record Part(Tensor loss, double share, int[] rows) {}

        /** Returns the mean loss of each piece, a scalar each. */
        List<Tensor> losses() {
            return parts.stream().map(Part::loss).toList();
        }

        /** Returns the step's loss and data, given the value of each of {@link #losses}. */
        Seen with(double[] losses) {
            double loss = 0;
            int[] suspects = {};
            for (int i = 0; i < losses.length; i++) {
                double part = losses[i] * parts.get(i).share();
                if (!Double.isFinite(part) && suspects.length == 0) {
                    suspects = parts.get(i).rows();
                }
                loss += part;
            }
            int[] all =
                    parts.stream().map(Part::rows).flatMapToInt(Arrays::stream).toArray();
            return new Seen(loss, tokens, suspects.length > 0 ? suspects : all);
        }
    }

    private static final String LESS_AT_ONCE =
            "Memory was used up in step %d; from here on a step computes at most %,d tokens at once. Loss and update stay the same, but dropout draws other numbers.";

    private final AdaptedModel model;
    private final Objective objective;
    private final TrainerSettings settings;
    private final TensorEngine engine;
    private final Prefix prefix;
    private final MicroBatchGradient gradient;

    private final Optional<String> remark;
    private int tokensPerPiece;
    private @Nullable Piece current;

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
        this.gradient =
                new MicroBatchGradient(model, model.head().feeding(transformer), this.objective, settings, prefix);
        this.tokensPerPiece =
                Batches.tokensPerPiece(model.base().config(), model.base().device(), transformer.type());
    }

    /** Returns one sentence on the prefix cache for the user; empty if no cache was requested. */
    Optional<String> remark() {
        return remark;
    }

    /** Returns one sentence on the padding that packing saves; empty without packing. */
    Optional<String> packing() {
        return settings.batches().packed()
                ? Optional.of(PackingGain.of(
                                prefix.rows(), settings, model.base().config().rowPadding(), tokensPerPiece)
                        .told())
                : Optional.empty();
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
     * <p>If a piece does not fit into memory, the step begins anew with pieces of half its size, and later steps keep that size.
     *
     * @param group rows of each batch
     * @param step number of the step, 0 for the first
     * @param scale factor of the gradient
     * @return losses in the innermost open scope
     * @throws org.layerwise.base.CancelledException between two layers
     */
    Unread add(List<int[]> group, int step, double scale, Progress progress) {
        while (true) {
            try {
                return sum(group, step, scale, progress);
            } catch (RuntimeException e) {
                OptionalInt smaller = OutOfMemoryErrors.isCause(e) ? smallerPieces(group) : OptionalInt.empty();
                if (smaller.isEmpty()) {
                    throw e;
                }
                model.parameters().forEach(parameter -> parameter.value().zeroGradient());
                tokensPerPiece = smaller.getAsInt();
                progress.note(String.format(Locale.ROOT, LESS_AT_ONCE, step + 1, tokensPerPiece));
            }
        }
    }

    /**
     * Returns half the tokens of the piece that failed, or of the largest one if the outputs of frozen layers did not fit;
     * empty if that is one row.
     */
    private OptionalInt smallerPieces(List<int[]> group) {
        Stream<Piece> failed = current != null
                ? Stream.of(current)
                : group.stream()
                        .flatMap(batch -> StreamSupport.stream(pieces(batch).spliterator(), false));
        return failed.filter(piece -> piece.rows().length > 1)
                .mapToInt(piece -> piece.computedTokens() / 2)
                .max();
    }

    private Iterable<Piece> pieces(int[] batch) {
        return settings.batches()
                .pieces(batch, prefix.rows(), model.base().config().rowPadding(), tokensPerPiece);
    }

    private Unread sum(List<int[]> group, int step, double scale, Progress progress) {
        long all = group.stream().mapToLong(objective::weight).sum();
        int layers = model.base().config().layers();
        List<Unread.Part> parts = new ArrayList<>();
        long tokens = 0;
        for (int[] batch : group) {
            current = null;
            prefix.prepare(batch, tokensPerPiece, progress);
            for (Piece piece : pieces(batch)) {
                current = piece;
                progress.check();
                double share = all == 0 ? 0 : (double) objective.weight(piece.rows()) / all;
                DropoutRandom draws = new DropoutRandom(engine, layers, settings.seed(), step, parts.size());
                Tensor loss = gradient.add(piece, draws, share * scale, progress);
                parts.add(new Unread.Part(loss, share, piece.rows()));
                tokens += piece.tokens();
            }
        }
        return new Unread(parts, tokens);
    }

    @Override
    public void close() {
        prefix.close();
    }
}
