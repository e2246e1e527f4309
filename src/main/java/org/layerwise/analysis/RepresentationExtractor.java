package org.layerwise.analysis;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.base.Progress;
import org.layerwise.data.Batch;
import org.layerwise.data.Batches;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Runs a model over data and keeps one vector an example and hidden state. Batches are sorted by length and sized by a
 * token budget; padding is masked, so the vectors do not depend on it.
 */
public final class RepresentationExtractor {

    private final TransformerModel model;
    private final TensorEngine engine;

    public RepresentationExtractor(TransformerModel model) {
        this.model = model;
        this.engine = model.engine();
    }

    /**
     * Extracts all hidden states.
     *
     * @throws org.layerwise.base.CancelledException between two batches
     */
    public Representations extract(TokenizedDataset data, Position position, Progress progress) {
        int states = model.config().layers() + 1;
        int width = model.config().hiddenSize();
        float[][] kept = new float[states][Math.multiplyExact(data.size(), width)];
        List<Batch> batches = Batches.forDevice(data, model.config().padId(), model.device());
        int done = 0;
        for (Batch batch : batches) {
            progress.check();
            progress.report(
                    (double) done / data.size(), "Representing example %,d of %,d".formatted(done, data.size()));
            float[] vectors = vectors(batch.tokens(), position);
            int[] rows = batch.rows();
            for (int state = 0; state < states; state++) {
                for (int i = 0; i < rows.length; i++) {
                    System.arraycopy(vectors, (state * rows.length + i) * width, kept[state], rows[i] * width, width);
                }
            }
            done += rows.length;
        }
        progress.report(1, "Represented %,d examples".formatted(data.size()));
        List<Matrix> layers = new ArrayList<>();
        for (float[] values : kept) {
            layers.add(new Matrix(data.size(), width, values));
        }
        return new Representations(position, layers);
    }

    /** {@code [states, batch, d]} of one batch, copied from the device at once. */
    private float[] vectors(TokenBatch batch, Position position) {
        try (Scope scope = engine.inference()) {
            ModelInput input = model.input(batch);
            Pick pick = pick(batch, position, input);
            List<Tensor> picked = new ArrayList<>();
            model.transformer().hiddenStates(input, (index, hidden) -> {
                try (Scope inner = engine.scope()) {
                    picked.add(scope.adopt(pick.of(hidden).copy()));
                }
            });
            return engine.cat(picked, 0).floats();
        }
    }

    /** Chooses one vector an example: {@code [batch, sequence, d]} to {@code [batch, d]}. */
    @FunctionalInterface
    private interface Pick {
        Tensor of(Tensor hidden);
    }

    private Pick pick(TokenBatch batch, Position position, ModelInput input) {
        return switch (position) {
            case FIRST -> hidden -> hidden.select(1, 0);
            case LAST -> {
                Tensor flat = engine.of(lastTokens(batch), batch.size()).to(model.device());
                yield hidden -> hidden.reshape(-1, hidden.size(-1)).indexSelect(0, flat);
            }
            case MEAN -> {
                Tensor weights = input.mask().cast(DType.F32);
                Tensor shares = weights.div(weights.sum(1, true)).reshape(batch.size(), batch.length(), 1);
                yield hidden -> hidden.mul(shares).sum(1, false);
            }
        };
    }

    /** Index of each example's last token that is not padding, in the flattened batch. */
    private static long[] lastTokens(TokenBatch batch) {
        long[] last = new long[batch.size()];
        for (int row = 0; row < last.length; row++) {
            for (int token = 0; token < batch.length(); token++) {
                if (batch.mask()[row * batch.length() + token] == 1) {
                    last[row] = (long) row * batch.length() + token;
                }
            }
        }
        return last;
    }
}
