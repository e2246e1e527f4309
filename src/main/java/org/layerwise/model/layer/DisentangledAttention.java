package org.layerwise.model.layer;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.DisentangledConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/**
 * DeBERTa's attention (He et al., arXiv 2006.03654; with shared maps and buckets arXiv 2111.09543; HuggingFace's
 * {@code DisentangledSelfAttention}): content attends to content and to relative positions, and positions attend to
 * content. The scale counts the terms: {@code 1 / sqrt(d * terms)}.
 *
 * @param relative table of relative positions
 * @param positionKey map of positions to keys if positions have their own, otherwise null
 * @param positionQuery map of positions to queries if positions have their own, otherwise null
 */
public record DisentangledAttention(
        AttentionConfig shape,
        DisentangledConfig positions,
        Linear query,
        Linear key,
        Linear value,
        @Nullable Linear positionKey,
        @Nullable Linear positionQuery,
        Linear output,
        RelativeTable relative)
        implements AttentionPart {

    @Override
    public Tensor apply(Tensor x, ModelInput input, double dropout) {
        return mixed(
                x,
                x,
                input.relativePositions(),
                input.mirroredPositions(),
                input.visibility(0).added(),
                dropout);
    }

    @Override
    public Tensor first(Tensor x, ModelInput input, double dropout) {
        return mixed(
                x.slice(1, 0, 1),
                x,
                input.relativePositions().slice(2, 0, 1),
                input.mirroredPositions().slice(3, 0, 1),
                input.visibility(0).ofFirst().added(),
                dropout);
    }

    /**
     * Computes the attention of some tokens to all tokens.
     *
     * @param asking the attending tokens, {@code [batch, some, hidden]}
     * @param x all tokens, {@code [batch, sequence, hidden]}
     * @param toKeys row indices of the table from the attending tokens to all, {@code [1, 1, some, sequence]}
     * @param fromKeys row indices of the table from all tokens to the attending ones, {@code [1, 1, sequence, some]}
     */
    private Tensor mixed(
            Tensor asking, Tensor x, Tensor toKeys, Tensor fromKeys, @Nullable Tensor mask, double dropout) {
        int heads = shape.heads();
        Tensor queries = query.apply(asking).splitHeads(heads);
        Tensor keys = key.apply(x).splitHeads(heads);
        Tensor scores = queries.matmul(keys.transpose());
        if (positions.contentToPosition()) {
            Tensor toPositions = queries.matmul(
                    ofPositions(positionKey == null ? key : positionKey).transpose());
            scores = scores.add(toPositions.gather(-1, index(toKeys, scores)));
        }
        if (positions.positionToContent()) {
            Tensor fromPositions = keys.matmul(
                    ofPositions(positionQuery == null ? query : positionQuery).transpose());
            scores =
                    scores.add(fromPositions.gather(-1, index(fromKeys, scores)).transpose());
        }
        int terms = 1 + (positions.contentToPosition() ? 1 : 0) + (positions.positionToContent() ? 1 : 0);
        Tensor scaled = scores.mul(1 / Math.sqrt((double) shape.headSize() * terms));
        Tensor weights = (mask == null ? scaled : scaled.add(mask))
                .cast(DType.F32)
                .softmax(-1)
                .cast(x.dtype())
                .dropout(dropout);
        return output.apply(weights.matmul(value.apply(x).splitHeads(heads)).joinHeads());
    }

    @Override
    public Tensor apply(Tensor x, ModelInput input, LayerCache cache) {
        throw new UnsupportedOperationException("DeBERTa is an encoder");
    }

    /** Returns the mapped relative positions, {@code [1, heads, 2 span, d]}. */
    private Tensor ofPositions(Linear map) {
        return map.apply(relative.vectors()).splitHeads(shape.heads());
    }

    private static Tensor index(Tensor positions, Tensor scores) {
        return positions.expand(scores.size(0), scores.size(1), -1, -1);
    }

    @Override
    public AttentionPart map(UnaryOperator<Linear> change) {
        return new DisentangledAttention(
                shape,
                positions,
                change.apply(query),
                change.apply(key),
                change.apply(value),
                positionKey == null ? null : change.apply(positionKey),
                positionQuery == null ? null : change.apply(positionQuery),
                change.apply(output),
                relative);
    }
}
