package org.layerwise.training;

import org.layerwise.base.Progress;
import org.layerwise.data.Batch;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Tensor;

/** What comes before the lowest layer that is trained. No gradient is needed there, so no graph is recorded. */
interface Prefix extends AutoCloseable {

    /** The rows of the training, with no more than this needs of them. */
    TokenizedDataset rows();

    /**
     * Makes sure of some rows before they are asked for piece by piece.
     *
     * @throws org.layerwise.base.CancelledException while it computes
     */
    void prepare(int[] rows, Progress progress);

    /**
     * The input of the lowest layer that is trained, {@code [batch, sequence, hidden]}, in the innermost open scope. It belongs
     * to no graph, unless something before the layers is trained.
     *
     * @param input of the same rows
     * @throws org.layerwise.base.CancelledException between two layers
     */
    Tensor of(Batch batch, ModelInput input, Draws draws, Progress progress);

    @Override
    void close();
}
