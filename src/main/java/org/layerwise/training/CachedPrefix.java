package org.layerwise.training;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.layerwise.base.Progress;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Piece;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Prefix that computes the output of frozen layers once for each row and keeps it for all epochs. Without dropout this
 * output is always the same, except for its last bits, which depend on the rows that are computed together. Therefore
 * every row is computed together with the rows of its batch in the first epoch, even by a training that resumes in a
 * later epoch: its losses are those of an uninterrupted training.
 */
final class CachedPrefix implements Prefix {

    private final TransformerModel base;
    private final TensorEngine engine;
    private final FrozenPrefix computed;
    private final TokenizedDataset rows;
    private final TrainerSettings.Grouping grouping;
    private final List<int[]> firstEpoch;
    private final int[] batchOf;
    private final HiddenStateStore store;
    private final DropoutRandom nothingDropped;

    /**
     * Creates a cache.
     *
     * @param computed prefix without dropout, over rows with their images
     * @param settings settings of the training
     * @param store empty store, closed together with this prefix
     */
    CachedPrefix(TransformerModel base, FrozenPrefix computed, TrainerSettings settings, HiddenStateStore store) {
        ModelConfig config = base.config();
        this.base = base;
        this.engine = base.engine();
        this.computed = computed;
        this.rows = computed.rows().withoutImages();
        this.grouping = settings.batches();
        this.firstEpoch = grouping.of(rows, settings.seed(), 0);
        this.batchOf = new int[rows.size()];
        IntStream.range(0, firstEpoch.size()).forEach(batch -> {
            for (int row : firstEpoch.get(batch)) {
                batchOf[row] = batch;
            }
        });
        this.store = store;
        this.nothingDropped = new DropoutRandom(engine, config.layers(), settings.seed(), 0, 0);
    }

    @Override
    public TokenizedDataset rows() {
        return rows;
    }

    @Override
    public void prepare(int[] wanted, int tokens, Progress progress) {
        for (int row : wanted) {
            if (!store.has(row)) {
                compute(firstEpoch.get(batchOf[row]), tokens, progress);
            }
        }
    }

    private void compute(int[] batch, int tokens, Progress progress) {
        for (Piece piece : grouping.pieces(batch, computed.rows(), base.config().rowPadding(), tokens)) {
            progress.check();
            if (Arrays.stream(piece.rows()).allMatch(store::has)) { // computed before a cancellation or a failure
                continue;
            }
            try (Scope scope = engine.inference()) {
                ModelInput input = piece.input(base);
                Tensor states = computed.of(piece, input, nothingDropped, progress);
                List<Tensor> blocks = input.blocks() == null
                        ? List.of(states)
                        : input.blocks().split(states);
                for (int i = 0; i < blocks.size(); i++) {
                    store.put(piece.batches().get(i).rows(), blocks.get(i));
                }
            }
        }
    }

    @Override
    public Tensor of(Piece piece, ModelInput input, DropoutRandom draws, Progress progress) {
        try (Scope scope = engine.inference()) {
            List<Tensor> stored = piece.batches().stream().map(this::stored).toList();
            return scope.keep(
                    input.blocks() == null ? stored.get(0) : input.blocks().join(stored));
        }
    }

    private Tensor stored(Batch batch) {
        return store.padded(
                batch.rows(),
                batch.tokens().length(),
                base.transformer().type(),
                base.device(),
                base.config().stateWidth(computed.lowest()));
    }

    @Override
    public void close() {
        store.close();
    }
}
