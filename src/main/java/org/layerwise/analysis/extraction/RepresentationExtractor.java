package org.layerwise.analysis.extraction;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.base.Progress;
import org.layerwise.data.Batch;
import org.layerwise.data.Batches;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
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
        KeptVectors kept = new KeptVectors(states, data.size(), width);
        int done = 0;
        for (Batch batch : Batches.forDevice(data, model.config(), model.device())) {
            progress.check();
            progress.report(
                    (double) done / data.size(), "Representing example %,d of %,d".formatted(done, data.size()));
            float[] vectors = vectors(batch.tokens(), position, progress);
            int[] rows = batch.rows();
            for (int state = 0; state < states; state++) {
                kept.put(state, rows, vectors, state * rows.length * width);
            }
            done += rows.length;
        }
        progress.report(1, "Represented %,d examples".formatted(data.size()));
        return kept.as(position);
    }

    /** {@code [states, batch, d]} of one batch, copied from the device at once. */
    private float[] vectors(TokenBatch batch, Position position, Progress progress) {
        try (Scope scope = engine.inference()) {
            ModelInput input = model.input(batch);
            TokenPick pick = TokenPick.of(engine, batch, position, model.device());
            List<Tensor> picked = new ArrayList<>();
            model.transformer().hiddenStates(input, (index, hidden) -> {
                progress.check();
                try (Scope inner = engine.scope()) {
                    picked.add(scope.adopt(pick.of(hidden).copy()));
                }
            });
            return engine.cat(picked, 0).floats();
        }
    }
}
