package org.layerwise.training;

import org.layerwise.base.Progress;
import org.layerwise.data.batch.Piece;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Tensor;

/** Part of the model below the lowest trained layer. It needs no gradient, so no graph is recorded. */
interface Prefix extends AutoCloseable {

    /** Returns the rows of the training, with no more data than this prefix needs. */
    TokenizedDataset rows();

    /**
     * Prepares some rows before they are requested piece by piece.
     *
     * @param tokens maximum number of tokens that are computed together
     * @throws org.layerwise.base.CancelledException during the computation
     */
    void prepare(int[] rows, int tokens, Progress progress);

    /**
     * Returns the input of the lowest trained layer, {@code [batch, sequence, hidden]}, in the innermost open scope.
     * The tensor belongs to no graph, unless a module before the layers is trained.
     *
     * @param input input of the same rows
     * @throws org.layerwise.base.CancelledException between two layers
     */
    Tensor of(Piece piece, ModelInput input, DropoutRandom draws, Progress progress);

    @Override
    void close();
}
