package org.layerwise.lora;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.RowPadding;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.tensor.TruncatedSvd;

/**
 * Start of EVA (Paischer et al., arXiv 2410.07170): the rows of A are the first r principal components of the inputs of
 * their module on training rows, and B is zero. The ranks stay as they are set, as in PEFT with {@code rho = 1}. PEFT
 * approximates the components batch by batch; here they are computed from the covariance of all tokens, in float64.
 *
 * <p>One layer is computed at a time, so that the covariances of one layer and the hidden states of all rows are in
 * memory.
 */
public final class EvaInitialisation {

    /** Largest number of training rows, which are taken at equal distances. */
    public static final int ROWS = 512;

    private static final int TOKENS_PER_BATCH = 2048;

    private final AdaptedModel model;
    private final TransformerModel base;
    private final TensorEngine engine;
    private final RowPadding padding;

    private EvaInitialisation(AdaptedModel model, RowPadding padding) {
        this.model = model;
        this.base = model.base();
        this.engine = base.engine();
        this.padding = padding;
    }

    /**
     * Overwrites A of the adapters in the layers. Modules outside of the layers keep the A that they have.
     *
     * @param rows training rows
     * @param padding padding that the model allows
     * @param progress reports after each layer
     * @throws UserException if a rank is above the width of an input, or there are no more tokens than ranks
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    public static void assign(AdaptedModel model, TokenizedDataset rows, RowPadding padding, Progress progress) {
        new EvaInitialisation(model, padding).assign(batches(rows, padding), progress);
    }

    /** Returns batches of rows of equal length, which need no padding. */
    private static List<Batch> batches(TokenizedDataset rows, RowPadding padding) {
        Map<Integer, List<Integer>> byLength = new TreeMap<>();
        for (int row : TokenizedDataset.spaced(rows.size(), ROWS)) {
            byLength.computeIfAbsent(rows.rows().get(row).length(), length -> new ArrayList<>())
                    .add(row);
        }
        List<Batch> batches = new ArrayList<>();
        byLength.values()
                .forEach(same -> batches.addAll(Batches.byTokens(
                        rows.select(same.stream().mapToInt(Integer::intValue).toArray()), padding, TOKENS_PER_BATCH)));
        return batches;
    }

    private void assign(List<Batch> batches, Progress progress) {
        List<Integer> adapted = IntStream.range(0, base.config().layers())
                .filter(layer -> base.transformer().linears(layer).stream()
                        .anyMatch(linear -> model.parts().adapters().containsKey(linear.name())))
                .boxed()
                .toList();
        if (adapted.isEmpty()) {
            return;
        }
        int last = adapted.get(adapted.size() - 1);
        List<State> states = new ArrayList<>();
        try {
            for (Batch batch : batches) {
                progress.check();
                states.add(state(() -> base.transformer().embed(base.input(batch.tokens()))));
            }
            for (int layer = 0; layer <= last; layer++) {
                progress.report((double) layer / (last + 1), "EVA: inputs of layer %s".formatted(layer));
                layer(layer, adapted.contains(layer), batches, states, progress);
            }
        } finally {
            states.forEach(State::close);
        }
    }

    /** Hidden states of a batch, which are freed once the next layer is computed. */
    private record State(TensorOwner owner, Tensor hidden) implements AutoCloseable {
        @Override
        public void close() {
            owner.close();
        }
    }

    private State state(Supplier<Tensor> computed) {
        TensorOwner owner = engine.owner();
        try (Scope scope = engine.inference()) {
            return new State(owner, owner.adopt(computed.get()));
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    private void layer(int layer, boolean adapted, List<Batch> batches, List<State> states, Progress progress) {
        try (TensorOwner covariances = engine.owner()) {
            Recorders recorders = new Recorders(covariances);
            Map<String, LinearAdapter> listening = new HashMap<>();
            if (adapted) {
                base.transformer().linears(layer).stream()
                        .map(Linear::name)
                        .filter(model.parts().adapters()::containsKey)
                        .forEach(name -> listening.put(name, recorders.of(name)));
            }
            Transformer transformer = base.transformer().with(listening);
            for (int i = 0; i < states.size(); i++) {
                progress.check();
                Batch batch = batches.get(i);
                try (State before = states.get(i)) {
                    states.set(i, state(() -> transformer.layer(layer, before.hidden(), base.input(batch.tokens()))));
                }
            }
            recorders.covariances().forEach((name, covariance) -> {
                progress.check();
                try (Scope scope = engine.inference()) {
                    Tensor a = Objects.requireNonNull(model.parts().adapters().get(name))
                            .product()
                            .orElseThrow()
                            .trained()
                            .a();
                    int rank = Math.toIntExact(a.size(0));
                    require(name, rank, covariance);
                    // of a symmetric matrix, the singular vectors are its eigenvectors
                    a.assign(TruncatedSvd.of(covariance.matrix(), rank, progress)
                            .vt()
                            .cast(DType.F32)
                            .to(a.device()));
                }
            });
        }
    }

    private static void require(String module, int rank, Covariance covariance) {
        long width = covariance.products.size(0);
        if (rank > width || rank >= covariance.tokens) {
            throw new UserException(
                    "EVA needs a rank of at most %s for %s, whose inputs are %s wide and %s in number, not %s; lower it or train on more rows."
                            .formatted(Math.min(width, covariance.tokens - 1), module, width, covariance.tokens, rank));
        }
    }

    /** Sums over the inputs of a module: of the inputs, and of their outer products. */
    private static final class Covariance {

        private final Tensor sum;
        private final Tensor products;
        private long tokens;

        Covariance(TensorEngine engine, TensorOwner owner, Tensor like) {
            long width = like.size(1);
            sum = owner.adopt(engine.zeros(DType.F64, like.device(), 1, width));
            products = owner.adopt(engine.zeros(DType.F64, like.device(), width, width));
        }

        void add(Tensor inputs) {
            sum.addInPlace(inputs.sum(0, true), 1);
            products.addInPlace(inputs.transpose().matmul(inputs), 1);
            tokens += inputs.size(0);
        }

        /** Returns the covariance of the inputs, {@code [in, in]}, apart from a factor. */
        Tensor matrix() {
            return products.sub(sum.transpose().matmul(sum).mul(1.0 / tokens));
        }
    }

    /** Recorders of the inputs of modules, of which those with one input share the sums. */
    private final class Recorders {

        private final TensorOwner owner;
        private final Map<String, Covariance> covariances = new LinkedHashMap<>();
        private @Nullable Tensor seen;
        private @Nullable Covariance ofSeen;

        Recorders(TensorOwner owner) {
            this.owner = owner;
        }

        Map<String, Covariance> covariances() {
            return covariances;
        }

        LinearAdapter of(String name) {
            return (map, x, y) -> {
                Covariance shared = x == seen ? ofSeen : null;
                Covariance own = covariances.get(name);
                if (shared != null) {
                    covariances.putIfAbsent(name, shared);
                } else {
                    try (Scope scope = engine.inference()) {
                        Tensor inputs = x.reshape(-1, x.size(x.rank() - 1)).cast(DType.F64);
                        own = own == null ? new Covariance(engine, owner, inputs) : own;
                        own.add(inputs);
                    }
                    covariances.put(name, own);
                    seen = x;
                    ofSeen = own;
                }
                return y;
            };
        }
    }
}
