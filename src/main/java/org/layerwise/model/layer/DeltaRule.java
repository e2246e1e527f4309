package org.layerwise.model.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.DeltaNetConfig;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Gated delta rule (Yang et al., arXiv 2412.06464), in float32. Each head keeps a matrix S {@code [keys, values]}; for
 * each token t with query q, key k, value v, decay g and write rate b it becomes
 *
 * <pre>
 * S = exp(g) S
 * S = S + k (b (v - S^T k))^T
 * </pre>
 *
 * and the output is {@code S^T q}. Whole rows are computed in chunks of tokens with matrix products, which gives the same
 * numbers.
 */
record DeltaRule(TensorEngine engine) {

    private static final double EPSILON = 1e-6;

    /**
     * Inputs of the rule, float32. Queries and keys are normalised to length 1, queries divided by the root of their size.
     *
     * @param queries {@code [batch, heads, sequence, keys]}
     * @param keys {@code [batch, heads, sequence, keys]}
     * @param values {@code [batch, heads, sequence, values]}
     * @param decays logarithms of the decays, at most 0, {@code [batch, heads, sequence]}
     * @param rates write rates from 0 to 1, {@code [batch, heads, sequence]}
     */
    record Inputs(Tensor queries, Tensor keys, Tensor values, Tensor decays, Tensor rates) {

        /** Normalises queries and keys. */
        static Inputs of(Tensor queries, Tensor keys, Tensor values, Tensor decays, Tensor rates) {
            Tensor wide = queries.cast(DType.F32);
            return new Inputs(
                    unit(wide).mul(1 / Math.sqrt(wide.size(3))),
                    unit(keys.cast(DType.F32)),
                    values.cast(DType.F32),
                    decays,
                    rates);
        }

        private static Tensor unit(Tensor x) {
            return x.mul(x.square().sum(-1, true).add(EPSILON).rsqrt());
        }
    }

    /**
     * Outputs of the rule, float32.
     *
     * @param values {@code [batch, heads, sequence, values]}
     * @param state S after the last token, {@code [batch, heads, keys, values]}
     */
    record Outputs(Tensor values, Tensor state) {}

    /**
     * Computes all tokens of rows.
     *
     * @param before S before the first token, {@code [batch, heads, keys, values]}; null for zeros
     */
    Outputs apply(Inputs inputs, @Nullable Tensor before) {
        long sequence = inputs.keys().size(2);
        int chunk = (int) Math.min(DeltaNetConfig.CHUNK, sequence);
        Tensor keys = chunks(inputs.keys(), chunk);
        Tensor decays = chunks(column(inputs.decays()), chunk).cumulativeSum(3);
        Tensor rates = chunks(column(inputs.rates()), chunk);
        Tensor queries = chunks(inputs.queries(), chunk);
        // above the diagonal the exponent may be large, so it is removed before and the factor after
        Tensor between = decays.sub(decays.transpose()).tril(0).exp().tril(0);
        Tensor written = keys.mul(rates);
        Tensor system = written.matmul(keys.transpose()).mul(between);
        Tensor values = system.solveUnitLower(chunks(inputs.values(), chunk).mul(rates));
        Tensor reads = system.solveUnitLower(written.mul(decays.exp()));
        Tensor within = queries.matmul(keys.transpose()).mul(between);
        Tensor last = decays.slice(3, chunk - 1, chunk);
        Chunks all = new Chunks(
                queries.mul(decays.exp()),
                keys.mul(last.sub(decays).exp()).transpose(),
                values,
                reads,
                within,
                last.exp());
        return scan(all, before, sequence);
    }

    /**
     * Products of all chunks, {@code [batch, heads, chunks, …]}.
     *
     * @param queries with the decay since the beginning of the chunk
     * @param keys turned, with the decay until the end of the chunk
     * @param values values that are written if S is zero before the chunk
     * @param reads factors of S that are taken from these values
     * @param within factors of the chunk's own values in its outputs
     * @param decays decay of the whole chunk
     */
    private record Chunks(Tensor queries, Tensor keys, Tensor values, Tensor reads, Tensor within, Tensor decays) {}

    private Outputs scan(Chunks all, @Nullable Tensor before, long sequence) {
        Tensor state = before;
        List<Tensor> outputs = new ArrayList<>();
        for (int chunk = 0; chunk < all.values().size(2); chunk++) {
            Tensor own = all.values().select(2, chunk);
            Tensor values =
                    state == null ? own : own.sub(all.reads().select(2, chunk).matmul(state));
            Tensor inside = all.within().select(2, chunk).matmul(values);
            Tensor added = all.keys().select(2, chunk).matmul(values);
            if (state == null) {
                outputs.add(inside);
                state = added;
            } else {
                outputs.add(all.queries().select(2, chunk).matmul(state).add(inside));
                state = state.mul(all.decays().select(2, chunk)).add(added);
            }
        }
        Tensor joined = outputs.size() == 1 ? outputs.get(0) : engine.cat(outputs, 2);
        return new Outputs(joined.slice(2, 0, sequence), Objects.requireNonNull(state));
    }

    private static Tensor column(Tensor numbers) {
        return numbers.reshape(numbers.size(0), numbers.size(1), numbers.size(2), 1);
    }

    /** Returns {@code [batch, heads, chunks, chunk, d]}, with zeros after the last token. */
    private Tensor chunks(Tensor x, int chunk) {
        long sequence = x.size(2);
        long count = (sequence + chunk - 1) / chunk;
        long missing = count * chunk - sequence;
        Tensor filled = missing == 0
                ? x
                : engine.cat(
                        List.of(x, engine.zeros(x.dtype(), x.device(), x.size(0), x.size(1), missing, x.size(3))), 2);
        return filled.reshape(x.size(0), x.size(1), count, chunk, x.size(3));
    }

    /**
     * Computes one token of each row.
     *
     * @param before S before the token
     */
    static Outputs next(Inputs inputs, Tensor before) {
        Tensor decayed = before.mul(column(inputs.decays()).exp());
        Tensor known = inputs.keys().matmul(decayed);
        Tensor change = inputs.values().sub(known).mul(column(inputs.rates()));
        Tensor state = decayed.add(inputs.keys().transpose().matmul(change));
        return new Outputs(inputs.queries().matmul(state), state);
    }
}
