package org.layerwise.model;

import java.util.List;
import java.util.function.UnaryOperator;
import org.layerwise.tensor.Tensor;

/**
 * One transformer layer (Vaswani et al., arXiv 1706.03762), each part followed by its normalisation:
 *
 * <pre>
 * x ──┬── query ─┐
 *     ├── key ───┼─ attention ── output ──(+ x)── norm ── h ── up ── activation ── down ──(+ h)── norm ──
 *     └── value ─┘
 * </pre>
 */
record Block(
        ModelConfig.Attention shape,
        Linear query,
        Linear key,
        Linear value,
        Linear attentionOutput,
        LayerNorm attentionNorm,
        Linear up,
        Activation activation,
        Linear down,
        LayerNorm feedForwardNorm) {

    /** {@code [batch, sequence, hidden]} to the same shape. */
    Tensor apply(Tensor x, ModelInput input, ModelConfig.Dropout dropout) {
        Tensor mixed = query.apply(x)
                .splitHeads(shape.heads())
                .attention(
                        key.apply(x).splitHeads(shape.heads()),
                        value.apply(x).splitHeads(shape.heads()),
                        input.scoreMask(),
                        dropout.attention(),
                        1 / Math.sqrt(shape.headSize()))
                .joinHeads();
        Tensor h = attentionNorm.apply(
                attentionOutput.apply(mixed).dropout(dropout.hidden()).add(x));
        Tensor inner = activation.apply(up.apply(h));
        return feedForwardNorm.apply(down.apply(inner).dropout(dropout.hidden()).add(h));
    }

    List<Linear> linears() {
        return List.of(query, key, value, attentionOutput, up, down);
    }

    /** The same layer with every linear map replaced by what the function makes of it. */
    Block map(UnaryOperator<Linear> change) {
        return new Block(
                shape,
                change.apply(query),
                change.apply(key),
                change.apply(value),
                change.apply(attentionOutput),
                attentionNorm,
                change.apply(up),
                activation,
                change.apply(down),
                feedForwardNorm);
    }
}
