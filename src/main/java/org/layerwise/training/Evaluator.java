package org.layerwise.training;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.TaskModel;
import org.layerwise.model.Transformer;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Evaluates a model on labelled data without dropout. */
public final class Evaluator {

    /**
     * Evaluation and the outputs from which it was computed.
     *
     * @param logits logits of each row, in the order of the data; empty for a language model
     * @param rowLosses losses of a language model: the mean over each row's labelled tokens, 0 for a row without any;
     *     empty for other models
     */
    public record Outcome(Evaluation evaluation, float[][] logits, double[] rowLosses) {}

    /**
     * Evaluates a model.
     *
     * @param rowsPerBatch maximum number of rows at a time; null for batches by a token budget
     * @throws org.layerwise.base.CancelledException between two layers
     */
    public Outcome evaluate(
            TaskModel model,
            TokenizedDataset data,
            Objective objective,
            @Nullable Integer rowsPerBatch,
            Progress progress) {
        TensorEngine engine = model.base().engine();
        Transformer transformer = model.head().feeding(model.transformer());
        float[][] logits = new float[objective instanceof Objective.OfRows ? data.size() : 0][];
        double[] rowLosses = new double[logits.length == 0 ? data.size() : 0];
        double loss = 0;
        long weight = 0;
        int done = 0;
        for (Batch batch : batches(model, data, rowsPerBatch)) {
            progress.check();
            progress.report(
                    (double) done / data.size(),
                    String.format(Locale.ROOT, "Evaluating example %,d of %,d", done, data.size()));
            int[] rows = batch.rows();
            long share = objective.weight(rows);
            try (Scope scope = engine.inference()) {
                ModelInput input = model.base().input(batch.tokens());
                Tensor hidden = transformer.forward(input, progress);
                if (objective instanceof Objective.OfRows ofRows) {
                    Tensor output = ((ClassificationHead) model.head()).logits(hidden, input, ModelConfig.Dropout.NONE);
                    loss += ofRows.loss(engine, output, rows).item() * share;
                    keep(output, rows, logits);
                } else if (objective instanceof Objective.NextTokens tokens) {
                    loss += keep(tokens.rowLosses(model.head(), hidden, input, batch), tokens, rows, rowLosses);
                }
            }
            weight += share;
            done += rows.length;
        }
        double mean = weight == 0 ? Double.NaN : loss / weight;
        Map<String, Double> metrics = objective instanceof Objective.OfRows ofRows
                ? ofRows.metrics(logits)
                : Map.of("perplexity", Math.exp(mean));
        return new Outcome(new Evaluation(mean, data.size(), metrics), logits, rowLosses);
    }

    static List<Batch> batches(TaskModel model, TokenizedDataset data, @Nullable Integer rowsPerBatch) {
        ModelConfig config = model.base().config();
        Device device = model.base().device();
        return rowsPerBatch == null
                ? Batches.forDevice(
                        data, config, device, model.base().transformer().type())
                : Batches.byRows(data, config.rowPadding(), rowsPerBatch);
    }

    /** Stores the mean loss of each row and returns the sum of the losses over all labelled tokens of the rows. */
    private static double keep(double[] losses, Objective.NextTokens objective, int[] rows, double[] kept) {
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            kept[rows[i]] = losses[i];
            sum += losses[i] * objective.weight(new int[] {rows[i]});
        }
        return sum;
    }

    static void keep(Tensor output, int[] rows, float[][] logits) {
        float[] values = output.floats();
        int width = values.length / rows.length;
        for (int i = 0; i < rows.length; i++) {
            logits[rows[i]] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
        }
    }
}
