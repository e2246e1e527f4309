package org.layerwise.model.layer;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.DeltaNetConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Linear attention of Qwen3-Next and Qwen3.5 (HuggingFace's {@code GatedDeltaNet}; Yang et al., arXiv 2412.06464).
 *
 * <pre>
 *      ┌─ queries, keys, values ─ convolution over earlier tokens ─ silu ─┐
 * x ───┼─ rates ──────────────────────────────────────────────────────────┼─ delta rule ─ norm ─ times silu(gate) ─ output
 *      └─ gate ───────────────────────────────────────────────────────────┘
 * </pre>
 *
 * @param convolution weight of the convolution of each channel, {@code [channels, 1, kernel]}
 * @param decayLog logarithm of each head's decay, {@code [value heads]}, float32
 * @param decayBias added to the decay rates, {@code [value heads]}, float32
 * @param norm normalisation of each value head
 */
public record GatedDeltaNet(
        TensorEngine engine,
        DeltaNetConfig shape,
        DeltaProjection projection,
        Tensor convolution,
        Tensor decayLog,
        Tensor decayBias,
        Norm norm,
        Linear output)
        implements AttentionPart {

    @Override
    public Tensor apply(Tensor x, ModelInput input, double dropout) {
        Tensor shown = shown(x, input);
        DeltaProjection.Mapped mapped = projection.apply(x.mul(shown));
        Tensor mixed = convolved(withTokensBefore(mapped.mixed(), null));
        return finished(new DeltaRule(engine).apply(inputs(mixed, mapped, null), null), mapped.gate());
    }

    /** Computes the whole row: no decoder reads its first token alone. */
    @Override
    public Tensor first(Tensor x, ModelInput input, double dropout) {
        return apply(x, input, dropout).slice(1, 0, 1);
    }

    @Override
    public Tensor apply(Tensor x, ModelInput input, LayerCache cache) {
        DeltaStore.State before = cache.state(input);
        Tensor tokens = before == null ? null : before.tokens();
        Tensor matrix = before == null ? null : before.matrix();
        Tensor shown = shown(x, input);
        DeltaProjection.Mapped mapped = projection.apply(x.mul(shown));
        Tensor known = withTokensBefore(mapped.mixed(), tokens);
        DeltaRule.Inputs inputs = inputs(convolved(known), mapped, shown);
        DeltaRule.Outputs outputs = input.goesOn() && matrix != null
                ? DeltaRule.next(inputs, matrix)
                : new DeltaRule(engine).apply(inputs, matrix);
        cache.put(input, new DeltaStore.State(lastTokens(known, input), outputs.state()));
        return finished(outputs, mapped.gate());
    }

    /** Returns 1 for a token and 0 for padding, {@code [batch, sequence, 1]}. */
    private static Tensor shown(Tensor x, ModelInput input) {
        return input.mask().cast(x.dtype()).reshape(x.size(0), x.size(1), 1);
    }

    /**
     * Returns the convolution of each channel over a token and the tokens before it, after the activation.
     *
     * @param all inputs of the convolution, {@code [batch, channels, kernel - 1 + sequence]}
     */
    private Tensor convolved(Tensor all) {
        return all.conv1d(convolution.cast(all.dtype()), shape.channels())
                .silu()
                .transpose();
    }

    /**
     * Returns the inputs of the convolution, {@code [batch, channels, kernel - 1 + sequence]}.
     *
     * @param mixed {@code [batch, sequence, channels]}
     * @param before tokens before the first, {@code [batch, channels, kernel - 1]}; null for none
     */
    private Tensor withTokensBefore(Tensor mixed, @Nullable Tensor before) {
        Tensor earlier = before == null
                ? engine.zeros(mixed.dtype(), mixed.device(), mixed.size(0), shape.channels(), shape.kernel() - 1)
                : before;
        return engine.cat(List.of(earlier, mixed.transpose()), 2);
    }

    /** Returns the inputs of the convolution for the last tokens of each row, {@code [batch, channels, kernel - 1]}. */
    private Tensor lastTokens(Tensor all, ModelInput input) {
        long kept = shape.kernel() - 1L;
        if (input.goesOn() || input.part() != null) {
            return all.slice(2, all.size(2) - kept, all.size(2));
        }
        // rows are padded on the right: each has its own last token
        long[] offsets = new long[(int) kept];
        for (int i = 0; i < kept; i++) {
            offsets[i] = i;
        }
        Tensor lengths = input.mask().sum(1, true).cast(DType.I64);
        Tensor index = lengths.add(engine.of(offsets, 1, kept).to(all.device()))
                .reshape(all.size(0), 1, kept)
                .expand(all.size(0), shape.channels(), kept);
        return all.gather(2, index);
    }

    /**
     * Returns the inputs of the delta rule.
     *
     * @param counted 1 for a token, and 0 for padding that shall leave the state as it is, {@code [batch, sequence, 1]};
     *     null if all tokens count, as in HuggingFace's model, where a masked token only has zeros as its input
     */
    private DeltaRule.Inputs inputs(Tensor mixed, DeltaProjection.Mapped mapped, @Nullable Tensor counted) {
        int keys = shape.keyWidth();
        int repeats = shape.valueHeads() / shape.keyHeads();
        Tensor allRates = mapped.write().sigmoid().cast(DType.F32);
        Tensor allDecays = mapped.decay()
                .cast(DType.F32)
                .add(decayBias)
                .softplus()
                .mul(decayLog.exp().neg());
        Tensor tokens = counted == null ? null : counted.cast(DType.F32);
        Tensor rates = (tokens == null ? allRates : allRates.mul(tokens)).transpose();
        Tensor decays = (tokens == null ? allDecays : allDecays.mul(tokens)).transpose();
        return DeltaRule.Inputs.of(
                mixed.slice(-1, 0, keys).splitHeads(shape.keyHeads()).repeatHeads(repeats),
                mixed.slice(-1, keys, 2L * keys).splitHeads(shape.keyHeads()).repeatHeads(repeats),
                mixed.slice(-1, 2L * keys, shape.channels()).splitHeads(shape.valueHeads()),
                decays,
                rates);
    }

    /** @param gate {@code [batch, sequence, values]} */
    private Tensor finished(DeltaRule.Outputs outputs, Tensor gate) {
        Tensor values = norm.apply(outputs.values().cast(gate.dtype()));
        Tensor gated = values.cast(DType.F32)
                .mul(gate.cast(DType.F32).splitHeads(shape.valueHeads()).silu());
        return output.apply(gated.cast(gate.dtype()).joinHeads());
    }

    @Override
    public AttentionPart map(UnaryOperator<Linear> change) {
        return new GatedDeltaNet(
                engine, shape, projection.map(change), convolution, decayLog, decayBias, norm, change.apply(output));
    }
}
