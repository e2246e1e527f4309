package org.layerwise.model.layer;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/**
 * Input of the first layer: the sum of token, position and segment embeddings, normalised and mapped to the hidden
 * size, with those of these parts that the family has.
 *
 * @param type type of the result, independent of the type of the tables
 * @param tokens {@code [vocabulary, width]}
 * @param positions {@code [rows, width]} or null
 * @param segments {@code [types, width]} or null
 * @param projection {@code width} to {@code hidden}, or null
 */
public record Embeddings(
        ModelConfig.Embedding shape,
        DType type,
        Tensor tokens,
        @Nullable Tensor positions,
        @Nullable Tensor segments,
        Norm norm,
        @Nullable Linear projection) {

    /** Maps {@code [batch, sequence]} to {@code [batch, sequence, hidden]}. */
    public Tensor apply(ModelInput input, double dropout) {
        Tensor sum = tokens.embedding(input.ids()).cast(type);
        if (shape.scale() != 1) {
            sum = sum.mul(shape.scale());
        }
        if (input.images() != null) {
            sum = input.images().into(sum);
        }
        if (segments != null) {
            sum = sum.add(segments.embedding(input.segments()).cast(type));
        }
        if (positions != null) {
            sum = sum.add(positions.embedding(input.positions()).cast(type));
        }
        if (projection != null && shape.projectedFirst()) {
            sum = projection.apply(sum);
        }
        sum = norm.apply(sum);
        if (shape.masked()) {
            sum = sum.mul(input.mask().cast(sum.dtype()).reshape(sum.size(0), sum.size(1), 1));
        }
        sum = sum.dropout(dropout);
        return projection == null || shape.projectedFirst() ? sum : projection.apply(sum);
    }

    /** Returns these embeddings with the linear map replaced by the result of the function. */
    public Embeddings map(UnaryOperator<Linear> change) {
        return new Embeddings(
                shape, type, tokens, positions, segments, norm, projection == null ? null : change.apply(projection));
    }
}
