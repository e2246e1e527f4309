package org.layerwise.training;

import java.util.Arrays;
import java.util.List;
import org.layerwise.base.Progress;
import org.layerwise.data.Batch;
import org.layerwise.data.Batches;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.model.Transformer;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * The gradient of one optimiser step. A step over several micro-batches has the gradient of one batch with all their rows,
 * whatever their sizes, as HuggingFace's Trainer has it for language models since 4.46.
 *
 * <p>Random numbers are started afresh for each piece of a step, from the seed, the step and the piece, so that a training
 * that goes on from a checkpoint drops the same elements as one that was never interrupted.
 */
final class StepGradient {

    /**
     * What a step saw.
     *
     * @param loss the mean
     * @param tokens without padding
     * @param suspects the rows whose loss is not a number; all of the step if there are none
     */
    record Seen(double loss, long tokens, int[] suspects) {}

    private final AdaptedModel model;
    private final TokenizedDataset data;
    private final Objective objective;
    private final TrainerSettings settings;
    private final TensorEngine engine;
    private final Transformer transformer;

    StepGradient(AdaptedModel model, TokenizedDataset data, Objective objective, TrainerSettings settings) {
        this.model = model;
        this.data = data;
        this.objective = objective.smoothed(settings.labelSmoothing());
        this.settings = settings;
        this.engine = model.base().engine();
        this.transformer = model.training(settings.dropout());
    }

    /** The micro-batches of a pass over the data. */
    List<Batch> batches(int epoch) {
        long padId = model.base().config().padId();
        TrainerSettings.Grouping grouping = settings.batches();
        return grouping.byLength()
                ? Batches.lengthGrouped(data, padId, grouping.rows(), grouping.accumulate(), settings.seed(), epoch)
                : Batches.shuffled(data, padId, grouping.rows(), settings.seed(), epoch);
    }

    /**
     * Adds the gradient of the mean loss of some batches to that of the parameters.
     *
     * @param step 0 for the first
     * @param scale what the gradient is multiplied with
     * @throws org.layerwise.base.CancelledException between two pieces of a batch
     */
    Seen add(List<Batch> group, int step, double scale, Progress progress) {
        long all = group.stream()
                .mapToLong(batch -> objective.weight(batch.rows()))
                .sum();
        double loss = 0;
        long tokens = 0;
        int number = 0;
        int[] suspects = {};
        for (Batch batch : group) {
            for (Batch piece : Batches.pieces(
                    batch, data, model.base().config().padId(), model.base().device())) {
                progress.check();
                engine.seed(Seeds.of(settings.seed(), step, number++));
                double share = backward(piece, all, scale);
                if (!Double.isFinite(share) && suspects.length == 0) {
                    suspects = piece.rows();
                }
                loss += share;
                tokens += Arrays.stream(piece.tokens().mask()).sum();
            }
        }
        return new Seen(loss, tokens, suspects.length > 0 ? suspects : rows(group));
    }

    /** Adds the share that some rows have in the step's gradient; gives their share of the mean loss. */
    private double backward(Batch batch, long weightOfStep, double scale) {
        double share = weightOfStep == 0 ? 0 : (double) objective.weight(batch.rows()) / weightOfStep;
        try (Scope scope = engine.training()) {
            ModelInput input = model.base().input(batch.tokens());
            Tensor hidden = transformer.forward(input);
            Tensor loss = objective.loss(model.head(), hidden, input, batch, settings.dropout());
            double factor = share * scale;
            (factor == 1 ? loss : loss.mul(factor)).backward();
            return loss.item() * share;
        }
    }

    private static int[] rows(List<Batch> group) {
        return group.stream().flatMapToInt(batch -> Arrays.stream(batch.rows())).toArray();
    }
}
