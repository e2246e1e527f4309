package org.layerwise.model.layer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.AttentionConfig.QueryKeyNorm;
import org.layerwise.model.config.Rope;
import org.layerwise.model.input.Blocks;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenRange;
import org.layerwise.model.input.Visibility;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Attention of several heads (Vaswani et al., arXiv 1706.03762), with the additions of today's families: fewer heads
 * for keys and values (Ainslie et al., arXiv 2305.13245), normalised queries and keys (Qwen3), rotary positions, windows, capped
 * scores (Gemma 2), an additional score of each head (gpt-oss), a gate of the output (Qwen3-Next).
 *
 * <pre>
 *      ┌─ queries ─ norm ─ turn ─┐
 * x ───┼─ keys ──── norm ─ turn ─┼─ softmax(scale Q K^T + mask) V ─ output
 *      └─ values ────────────────┘
 * </pre>
 *
 * @param sinks additional score of each head, {@code [heads]}, float32; null for none
 */
public record SelfAttention(
        AttentionConfig shape,
        Projection projection,
        Norm queryNorm,
        Norm keyNorm,
        Norm valueNorm,
        @Nullable Tensor sinks,
        Linear output)
        implements AttentionPart {

    @Override
    public Tensor apply(Tensor x, ModelInput input, double dropout) {
        return attend(x, input, dropout, null).output();
    }

    @Override
    public Attended attend(Tensor x, ModelInput input, double dropout, @Nullable KeyValues shared) {
        Projection.Mapped mapped = projection.apply(x);
        if (input.blocks() != null) {
            return attend(mapped, input.blocks(), dropout, shared);
        }
        Heads heads = heads(mapped, input, false);
        Tensor mixed = wholeRows(
                input.engine(), heads.queries(), used(heads, shared), input.visibility(shape.window()), dropout);
        KeyValues own = heads.own();
        return new Attended(finished(mixed, heads), own == null ? null : () -> own);
    }

    private Attended attend(Projection.Mapped mapped, Blocks blocks, double dropout, @Nullable KeyValues shared) {
        List<Projection.Mapped> parts = mapped.of(blocks);
        List<KeyValues> read = shared == null ? List.of() : shared.of(blocks);
        List<Tensor> mixed = new ArrayList<>();
        List<KeyValues> own = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            ModelInput input = blocks.inputs().get(i);
            Heads heads = heads(parts.get(i), input, false);
            KeyValues used = used(heads, shared == null ? null : read.get(i));
            mixed.add(wholeRows(input.engine(), heads.queries(), used, input.visibility(shape.window()), dropout)
                    .joinHeads());
            if (heads.own() != null) {
                own.add(heads.own());
            }
        }
        return new Attended(
                gated(blocks.join(mixed), mapped.gate()), own.isEmpty() ? null : () -> KeyValues.joined(own, blocks));
    }

    private static KeyValues used(Heads heads, @Nullable KeyValues shared) {
        return shared == null ? heads.ofItsOwn() : shared;
    }

    @Override
    public Tensor first(Tensor x, ModelInput input, double dropout) {
        Heads heads = heads(projection.first(x), input, true);
        Visibility visibility = input.visibility(shape.window()).ofFirst();
        return finished(wholeRows(input.engine(), heads.queries(), heads.ofItsOwn(), visibility, dropout), heads);
    }

    @Override
    public Tensor apply(Tensor x, ModelInput input, LayerCache cache) {
        if (input.goesOn() && stepsAtOnce()) {
            return step(projection.apply(x), input, cache);
        }
        Heads heads = heads(projection.apply(x), input, false);
        if (input.goesOn()) {
            return finished(oneToken(heads, input, cache), heads);
        }
        if (input.part() != null) {
            return finished(part(heads, input, input.part(), cache), heads);
        }
        KeyValues own = heads.own();
        if (own != null) {
            cache.fill(own);
        }
        KeyValues used = own == null ? cache.ofRows(x.size(0), x.size(1)) : own;
        return finished(wholeRows(input.engine(), heads.queries(), used, input.visibility(shape.window()), 0), heads);
    }

    /** Returns the output of the attention for the mixed values of all heads. */
    private Tensor finished(Tensor mixed, Heads heads) {
        return gated(mixed.joinHeads(), heads.gate());
    }

    private Tensor gated(Tensor joined, @Nullable Tensor gate) {
        return output.apply(gate == null ? joined : joined.mul(gate.sigmoid()));
    }

    /**
     * Queries, keys and values of all heads.
     *
     * @param queries {@code [batch, heads, sequence, d]}
     * @param own keys and values; null if they are those of an earlier layer
     * @param gate gate of the output before the sigmoid, {@code [batch, sequence, heads * d]}; null for none
     */
    private record Heads(Tensor queries, @Nullable KeyValues own, @Nullable Tensor gate) {

        private KeyValues ofItsOwn() {
            return Objects.requireNonNull(own, "this layer reads the keys and values of an earlier one");
        }
    }

    /** @param first true if only the query of the first token is present */
    private Heads heads(Projection.Mapped mapped, ModelInput input, boolean first) {
        ModelInput.Angles angles = shape.rope() == null ? null : input.angles(shape.rope());
        ModelInput.Angles ofQueries = first && angles != null ? angles.ofFirst() : angles;
        Tensor queries = turned(normed(queryNorm, mapped.query(), shape.heads()), ofQueries, input);
        Tensor factor = ofQueries == null ? null : ofQueries.queryFactor();
        return new Heads(
                factor == null ? queries : queries.mul(factor), keyValues(mapped, angles, input), mapped.gate());
    }

    private @Nullable KeyValues keyValues(
            Projection.Mapped mapped, ModelInput.@Nullable Angles angles, ModelInput input) {
        Tensor key = mapped.key();
        Tensor value = mapped.value();
        return key == null || value == null
                ? null
                : new KeyValues(
                        turned(normed(keyNorm, key, shape.keyValueHeads()), angles, input),
                        valueNorm.apply(value.splitHeads(shape.keyValueHeads())));
    }

    private Tensor normed(Norm norm, Tensor mapped, int heads) {
        return shape.norm() == QueryKeyNorm.ALL_HEADS
                ? norm.apply(mapped).splitHeads(heads)
                : norm.apply(mapped.splitHeads(heads));
    }

    /** Computes attention to the keys of whole rows; bands of queries are computed one after another. */
    private Tensor wholeRows(
            TensorEngine engine, Tensor queries, KeyValues used, Visibility visibility, double dropout) {
        KeyValues repeated = used.repeated(shape.heads() / shape.keyValueHeads());
        if (visibility.bands().isEmpty()) {
            return mixSeen(queries, repeated, visibility, dropout);
        }
        List<Visibility.Band> bands = visibility.bands();
        List<Tensor> parts = queries.split(
                2, bands.stream().mapToLong(band -> band.to() - band.from()).toArray());
        return engine.cat(
                IntStream.range(0, parts.size())
                        .mapToObj(i ->
                                mixSeen(parts.get(i), repeated, bands.get(i).keys(), dropout))
                        .toList(),
                2);
    }

    private Tensor mixSeen(Tensor queries, KeyValues ofRows, Visibility visibility, double dropout) {
        return mix(queries, seen(ofRows.keys(), visibility), seen(ofRows.values(), visibility), visibility, dropout);
    }

    /** Returns true if all that attention does for one more token per row is a single operation. */
    private boolean stepsAtOnce() {
        Rope rope = shape.rope();
        return shape.fused() && (rope == null || rope.size() == shape.headSize() && !rope.interleaved());
    }

    private Tensor step(Projection.Mapped mapped, ModelInput input, LayerCache cache) {
        Visibility visibility = input.visibility(shape.window());
        KeyValues cached = cache.withRoom(visibility);
        Tensor mixed = perHead(queryNorm, mapped.query(), shape.heads())
                .attentionStep(
                        own(mapped),
                        shape.rope() == null
                                ? List.of()
                                : input.angles(shape.rope()).all(),
                        cached.keys(),
                        cached.values(),
                        input.places(),
                        visibility.added(),
                        visibility.firstKey(),
                        visibility.endKey(),
                        shape.scale());
        return gated(mixed, mapped.gate());
    }

    private List<Tensor> own(Projection.Mapped mapped) {
        Tensor key = mapped.key();
        Tensor value = mapped.value();
        return key == null || value == null
                ? List.of()
                : List.of(
                        perHead(keyNorm, key, shape.keyValueHeads()),
                        valueNorm instanceof Norm.Identity
                                ? value
                                : valueNorm.apply(value.splitHeads(shape.keyValueHeads())));
    }

    /** Returns the normalised output of a map; its heads are split only where their norm needs it. */
    private Tensor perHead(Norm norm, Tensor mapped, int heads) {
        return norm instanceof Norm.Identity ? mapped : normed(norm, mapped, heads);
    }

    private Tensor oneToken(Heads heads, ModelInput input, LayerCache cache) {
        Visibility visibility = input.visibility(shape.window());
        if (heads.own() != null) {
            cache.put(input, visibility, heads.own());
        }
        return mixShared(heads.queries(), cache.keys(visibility), cache.values(visibility), visibility);
    }

    private Tensor part(Heads heads, ModelInput input, TokenRange part, LayerCache cache) {
        Visibility visibility = input.visibility(shape.window());
        if (heads.own() != null) {
            cache.fill(part, heads.own());
        }
        return mixShared(
                heads.queries(),
                cache.keysOfRow(visibility),
                cache.valuesOfRow(visibility),
                repeated(input, visibility));
    }

    /** Repeats the mask of a part for the heads that share keys. */
    private Visibility repeated(ModelInput input, Visibility visibility) {
        int repeats = shape.heads() / shape.keyValueHeads();
        Tensor mask = visibility.added();
        return repeats == 1 || mask == null
                ? visibility
                : new Visibility(
                        visibility.causal(),
                        input.engine().cat(Collections.nCopies(repeats, mask), 2),
                        visibility.firstKey(),
                        visibility.endKey());
    }

    /**
     * Computes attention with keys that heads share. The heads that share a key are stacked along the axis of the
     * tokens, so no key is copied.
     */
    private Tensor mixShared(Tensor queries, Tensor keys, Tensor values, Visibility visibility) {
        long rows = queries.size(0);
        long tokens = queries.size(2);
        return mix(queries.reshape(rows, shape.keyValueHeads(), -1, shape.headSize()), keys, values, visibility, 0)
                .reshape(rows, shape.heads(), tokens, shape.headSize());
    }

    private Tensor turned(Tensor heads, ModelInput.@Nullable Angles angles, ModelInput input) {
        Rope rope = shape.rope();
        if (rope == null || angles == null) {
            return heads;
        }
        int turned = rope.size();
        if (turned == shape.headSize()) {
            return halves(heads, rope).rotary(angles.cos(), angles.sin());
        }
        Tensor first = halves(heads.slice(-1, 0, turned), rope).rotary(angles.cos(), angles.sin());
        return input.engine().cat(List.of(first, heads.slice(-1, turned, shape.headSize())), 3);
    }

    /**
     * Returns the elements of heads that rotary positions turn, as two halves. Elements at even places come first where
     * neighbours are turned, in queries and keys alike, which leaves their scores as they are.
     */
    private static Tensor halves(Tensor heads, Rope rope) {
        if (!rope.interleaved()) {
            return heads;
        }
        long pairs = heads.size(3) / 2;
        return heads.reshape(heads.size(0), heads.size(1), heads.size(2), pairs, 2)
                .transpose()
                .reshape(heads.size(0), heads.size(1), heads.size(2), 2 * pairs);
    }

    /** Returns those keys or values of whole rows that any query sees. */
    private static Tensor seen(Tensor ofRow, Visibility visibility) {
        int count = visibility.endKey() - visibility.firstKey();
        return ofRow.size(2) == count ? ofRow : ofRow.slice(2, visibility.firstKey(), visibility.endKey());
    }

    private Tensor mix(Tensor queries, Tensor keys, Tensor values, Visibility visibility, double dropout) {
        if (!shape.fused()) {
            return probabilities(queries, keys, visibility.added(), dropout).matmul(values);
        }
        return visibility.causal()
                ? queries.causalAttention(keys, values, dropout, shape.scale())
                : queries.attention(keys, values, visibility.added(), dropout, shape.scale());
    }

    /** Returns the attention probabilities, in the steps for which libtorch has no fused operation. */
    private Tensor probabilities(Tensor queries, Tensor keys, @Nullable Tensor mask, double dropout) {
        Tensor scores = scores(queries, keys);
        Tensor seen = mask == null ? scores : scores.add(mask);
        return softmax(seen).dropout(dropout);
    }

    /** Returns the scaled scores, limited to {@code cap tanh(score / cap)} if there is a cap. */
    private Tensor scores(Tensor queries, Tensor keys) {
        Tensor scores = queries.matmul(keys.transpose());
        double cap = shape.softCap();
        return cap == 0
                ? scores.mul(shape.scale())
                : scores.mul(shape.scale() / cap).tanh().mul(cap);
    }

    /**
     * Returns the softmax over the last axis, which is computed in float32 for every type; the additional score of a
     * head takes its part and is dropped.
     */
    private Tensor softmax(Tensor seen) {
        if (sinks == null) {
            return seen.softmax(-1);
        }
        Tensor scores = seen.cast(DType.F32);
        // queries of heads that share a key may be stacked: [batch, key heads, heads per key and tokens, keys]
        long stacked = shape.heads() / scores.size(1);
        long tokens = scores.size(2) / stacked;
        Tensor own = sinks.reshape(1, scores.size(1), stacked, 1)
                .expand(scores.size(0), scores.size(1), stacked, tokens)
                .reshape(scores.size(0), scores.size(1), stacked * tokens, 1);
        Tensor known = scores.detach();
        Tensor index = known.argmax(3).reshape(scores.size(0), scores.size(1), scores.size(2), 1);
        Tensor largest = known.gather(3, index).maximum(own);
        Tensor exponentials = scores.sub(largest).exp();
        return exponentials
                .div(exponentials.sum(-1, true).add(own.sub(largest).exp()))
                .cast(seen.dtype());
    }

    @Override
    public AttentionPart map(UnaryOperator<Linear> change) {
        return new SelfAttention(
                shape, projection.map(change), queryNorm, keyNorm, valueNorm, sinks, change.apply(output));
    }
}
