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
 * @param perLayer inputs of all layers beside the hidden state; null for nearly all families
 */
public record Embeddings(
        ModelConfig.Embedding shape,
        DType type,
        Tensor tokens,
        @Nullable Tensor positions,
        @Nullable Tensor segments,
        Norm norm,
        @Nullable Linear projection,
        @Nullable PerLayerEmbeddings perLayer) {

    /** Maps {@code [batch, sequence]} to {@code [batch, sequence, hidden]}. */
    public Tensor apply(ModelInput input, double dropout) {
        Tensor sum = ofTokens(input);
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

    private Tensor ofTokens(ModelInput input) {
        Tensor vectors = tokens.embedding(input.ids()).cast(type);
        return shape.scale() == 1 ? vectors : vectors.mul(shape.scale());
    }

    /** Returns an input with what each layer reads beside the hidden state. */
    public ModelInput completed(ModelInput input) {
        return perLayer == null ? input : input.withPerLayer(perLayer.of(input, ofTokens(input)), 0);
    }

    /** Returns these embeddings with the linear map replaced by the result of the function. */
    public Embeddings map(UnaryOperator<Linear> change) {
        return new Embeddings(
                shape,
                type,
                tokens,
                positions,
                segments,
                norm,
                projection == null ? null : change.apply(projection),
                perLayer);
    }
}
