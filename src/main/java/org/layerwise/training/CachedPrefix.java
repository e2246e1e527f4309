package org.layerwise.training;

import java.util.List;
import java.util.stream.IntStream;
import org.layerwise.base.Progress;
import org.layerwise.data.Batch;
import org.layerwise.data.Batches;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * What frozen layers give, computed once for each row and kept from epoch to epoch. Without dropout it is always the same, but
 * for its last bits, which depend on the rows that are computed together. Therefore every row is computed among those of its
 * batch in the first epoch, also by a training that goes on from a later one: it has the losses that it would have had.
 */
final class CachedPrefix implements Prefix {

    private final TransformerModel base;
    private final TensorEngine engine;
    private final FrozenPrefix computed;
    private final TokenizedDataset rows;
    private final List<int[]> firstEpoch;
    private final int[] batchOf;
    private final HiddenStore store;
    private final Draws nothingDropped;

    /**
     * @param computed without dropout, over rows with their images
     * @param settings of the training
     * @param store empty; closed with this
     */
    CachedPrefix(TransformerModel base, FrozenPrefix computed, TrainerSettings settings, HiddenStore store) {
        ModelConfig config = base.config();
        this.base = base;
        this.engine = base.engine();
        this.computed = computed;
        this.rows = computed.rows().withoutImages();
        this.firstEpoch = settings.batches().of(rows, settings.seed(), 0);
        this.batchOf = new int[rows.size()];
        IntStream.range(0, firstEpoch.size()).forEach(batch -> {
            for (int row : firstEpoch.get(batch)) {
                batchOf[row] = batch;
            }
        });
        this.store = store;
        this.nothingDropped = new Draws(engine, config.layers(), settings.seed(), 0, 0);
    }

    @Override
    public TokenizedDataset rows() {
        return rows;
    }

    @Override
    public void prepare(int[] wanted, Progress progress) {
        for (int row : wanted) {
            if (!store.has(row)) {
                compute(firstEpoch.get(batchOf[row]), progress);
            }
        }
    }

    private void compute(int[] batch, Progress progress) {
        for (Batch piece : Batches.pieces(
                batch,
                computed.rows(),
                base.config().rowPadding(),
                Batches.tokensAPiece(base.config(), base.device()))) {
            progress.check();
            if (store.has(piece.rows()[0])) { // where it was cancelled
                continue;
            }
            try (Scope scope = engine.inference()) {
                store.put(piece.rows(), computed.of(piece, base.input(piece.tokens()), nothingDropped, progress));
            }
        }
    }

    @Override
    public Tensor of(Batch batch, ModelInput input, Draws draws, Progress progress) {
        try (Scope scope = engine.inference()) {
            return scope.keep(store.padded(
                    batch.rows(),
                    batch.tokens().length(),
                    base.transformer().type(),
                    base.device(),
                    base.config().hiddenSize()));
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
