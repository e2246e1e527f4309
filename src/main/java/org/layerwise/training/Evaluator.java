package org.layerwise.training;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.data.Batch;
import org.layerwise.data.Batches;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.model.SequenceClassifier;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Runs a model over labelled data without dropout. */
public final class Evaluator {

    /**
     * An evaluation and what it rests on.
     *
     * @param logits of each row, in the data's order
     */
    public record Outcome(Evaluation evaluation, float[][] logits) {}

    /**
     * Evaluates.
     *
     * @param rowsPerBatch how many rows at a time; null lets a token budget decide
     * @throws org.layerwise.base.CancelledException between two batches
     */
    public Outcome evaluate(
            SequenceClassifier model,
            TokenizedDataset data,
            Objective objective,
            @Nullable Integer rowsPerBatch,
            Progress progress) {
        TensorEngine engine = model.base().engine();
        Device device = model.base().device();
        long padId = model.base().config().padId();
        List<Batch> batches = rowsPerBatch == null
                ? Batches.forDevice(
                        data,
                        model.base().config(),
                        device,
                        model.base().transformer().type())
                : Batches.byRows(data, padId, rowsPerBatch);
        float[][] logits = new float[data.size()][];
        double loss = 0;
        int done = 0;
        for (Batch batch : batches) {
            progress.check();
            progress.report((double) done / data.size(), "Evaluating example %,d of %,d".formatted(done, data.size()));
            int[] rows = batch.rows();
            try (Scope scope = engine.inference()) {
                Tensor output = model.logits(model.base().input(batch.tokens()));
                loss += objective.loss(engine, output, rows, device).item() * rows.length / data.size();
                float[] values = output.floats();
                int width = values.length / rows.length;
                for (int i = 0; i < rows.length; i++) {
                    logits[rows[i]] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
                }
            }
            done += rows.length;
        }
        return new Outcome(new Evaluation(loss, data.size(), objective.metrics(logits)), logits);
    }
}
