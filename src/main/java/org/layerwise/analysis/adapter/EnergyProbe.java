package org.layerwise.analysis.adapter;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Adapter that adds up the squared norms of what it adds to the outputs of its module, for each row of the data. */
final class EnergyProbe implements LinearAdapter {

    private final TensorEngine engine;
    private final LinearAdapter inner;
    private final Progress progress;
    private final Tensor a;
    private final Tensor b;
    private final @Nullable Tensor factors;
    private final double[] sums;
    private int[] rows = new int[0];
    private @Nullable Tensor mask;

    /**
     * @param inner adapter of the module
     * @param examples number of rows of the data
     */
    EnergyProbe(TransformerModel model, AdapterUpdate update, LinearAdapter inner, int examples, Progress progress) {
        this.engine = model.engine();
        this.inner = inner;
        this.progress = progress;
        this.sums = new double[examples];
        LowRankFactors product = update.products().get(0);
        a = product.a().transpose().to(model.device());
        if (update.rescaling() == null) {
            b = product.triangle().transpose().to(model.device());
            factors = null;
        } else {
            b = product.b().transpose().to(model.device());
            factors = RescaledRows.of(product, update.rescaling()).factors().to(model.device());
        }
    }

    /**
     * Starts to add up the rows of a batch, until {@link #rest}.
     *
     * @param examples indices of the rows in the data
     * @param tokens 1 for a token and 0 for padding, {@code [batch, sequence]}, float64
     */
    void listen(int[] examples, Tensor tokens) {
        rows = examples;
        mask = tokens;
    }

    /** Ends the batch. */
    void rest() {
        mask = null;
    }

    /** Returns the sum over the tokens of each row. */
    double[] sums() {
        return sums;
    }

    @Override
    public Tensor apply(Linear map, Tensor x, Tensor y) {
        progress.check();
        Tensor tokens = mask;
        // DeBERTa's maps are also applied to positions, which are of no row
        if (tokens != null && x.elements() == tokens.elements() * map.in()) {
            mask = null;
            try (Scope scope = engine.scope()) {
                add(squares(map, x, y)
                        .reshape(tokens.shape())
                        .mul(tokens)
                        .sum(1, false)
                        .doubles());
            }
        }
        return inner.apply(map, x, y);
    }

    /** Returns the squared norm of what the adapter adds for each token, {@code [tokens]}. */
    private Tensor squares(Linear map, Tensor x, Tensor y) {
        Tensor added = x.reshape(-1, map.in()).cast(DType.F64).matmul(a).matmul(b);
        if (factors != null) {
            Tensor plain = (map.bias() == null ? y : y.sub(map.bias().cast(y.dtype())))
                    .reshape(-1, map.out())
                    .cast(DType.F64);
            added = plain.mul(factors.add(-1)).add(added.mul(factors));
        }
        return added.square().sum(1, false);
    }

    private void add(double[] ofRows) {
        for (int i = 0; i < ofRows.length; i++) {
            sums[rows[i]] += ofRows[i];
        }
    }
}
