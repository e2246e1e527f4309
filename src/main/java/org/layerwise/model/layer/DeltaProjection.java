package org.layerwise.model.layer;

import java.util.List;
import java.util.function.UnaryOperator;
import org.layerwise.model.config.DeltaNetConfig;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Linear maps before a gated delta network. */
public sealed interface DeltaProjection {

    /**
     * Inputs of the network.
     *
     * @param mixed queries, keys and values in this order, {@code [batch, sequence, channels]}
     * @param gate {@code [batch, sequence, values]}
     * @param write write rates before the sigmoid, {@code [batch, sequence, value heads]}
     * @param decay decay rates before the softplus, {@code [batch, sequence, value heads]}
     */
    record Mapped(Tensor mixed, Tensor gate, Tensor write, Tensor decay) {}

    Mapped apply(Tensor x);

    /** Returns this projection with the function's result for each linear map, in the order of the computation. */
    DeltaProjection map(UnaryOperator<Linear> change);

    /** One map for queries, keys and values, and one for each of the others (Qwen3.5). */
    record Separate(Linear mixed, Linear gate, Linear write, Linear decay) implements DeltaProjection {
        @Override
        public Mapped apply(Tensor x) {
            List<Tensor> mapped = Linear.applyAll(x, mixed, gate, write, decay);
            return new Mapped(mapped.get(0), mapped.get(1), mapped.get(2), mapped.get(3));
        }

        @Override
        public DeltaProjection map(UnaryOperator<Linear> change) {
            return new Separate(change.apply(mixed), change.apply(gate), change.apply(write), change.apply(decay));
        }
    }

    /**
     * Two maps (Qwen3-Next). For each key head, the first gives its query, its key, and the values and gates of the value
     * heads that share the key; the second gives their write rates and decay rates.
     */
    record Fused(TensorEngine engine, DeltaNetConfig shape, Linear all, Linear rates) implements DeltaProjection {
        @Override
        public Mapped apply(Tensor x) {
            List<Tensor> mapped = Linear.applyAll(x, all, rates);
            Tensor heads = byKeyHead(mapped.get(0));
            Tensor both = byKeyHead(mapped.get(1));
            long values = (long) shape.valueWidth() / shape.keyHeads();
            long key = shape.keySize();
            long shared = shape.valueHeads() / shape.keyHeads();
            return new Mapped(
                    engine.cat(
                            List.of(
                                    part(heads, 0, key),
                                    part(heads, key, 2 * key),
                                    part(heads, 2 * key, 2 * key + values)),
                            2),
                    part(heads, 2 * key + values, 2 * key + 2 * values),
                    part(both, 0, shared),
                    part(both, shared, 2 * shared));
        }

        private Tensor byKeyHead(Tensor mapped) {
            return mapped.reshape(mapped.size(0), mapped.size(1), shape.keyHeads(), -1);
        }

        private static Tensor part(Tensor heads, long from, long to) {
            return heads.slice(-1, from, to).reshape(heads.size(0), heads.size(1), -1);
        }

        @Override
        public DeltaProjection map(UnaryOperator<Linear> change) {
            return new Fused(engine, shape, change.apply(all), change.apply(rates));
        }
    }
}
