package org.layerwise.training;

import org.layerwise.base.Progress;
import org.layerwise.data.batch.Piece;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.Transformer;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Embeddings and frozen layers, computed for every batch.
 *
 * @param lowest lowest layer that is trained; 0 if a module before the layers may be trained
 */
record FrozenPrefix(TensorEngine engine, Transformer transformer, int lowest, TokenizedDataset rows) implements Prefix {

    @Override
    public void prepare(int[] wanted, int tokens, Progress progress) {
        // each batch is computed on request
    }

    @Override
    public Tensor of(Piece piece, ModelInput input, DropoutRandom draws, Progress progress) {
        try (Scope scope = lowest == 0 ? engine.training() : engine.inference()) {
            draws.embeddings();
            Tensor hidden = transformer.embed(input);
            for (int layer = 0; layer < lowest; layer++) {
                progress.check();
                try (Scope inner = engine.scope()) {
                    draws.layer(layer);
                    Tensor before = hidden;
                    hidden = inner.keep(transformer.layer(layer, before, input));
                    scope.drop(before);
                }
            }
            return scope.keep(hidden);
        }
    }

    @Override
    public void close() {
        // the weights belong to the model
    }
}
