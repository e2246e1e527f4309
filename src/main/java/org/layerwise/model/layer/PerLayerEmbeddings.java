package org.layerwise.model.layer;

import org.layerwise.model.config.PerLayerInputConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/**
 * Inputs of all layers beside the hidden state (HuggingFace's per-layer embeddings, Gemma 4 E):
 * {@code (norm(projection(e) / sqrt(hidden)) + sqrt(width) v) / sqrt(2)}, with the embedding e of the token and its
 * vector v for the layer.
 *
 * @param type type of the result
 * @param tokens vectors of all layers side by side, {@code [vocabulary, layers * width]}
 * @param projection map of token embeddings, {@code hidden} to {@code layers * width}
 * @param norm normalisation of the projection, layer by layer
 */
public record PerLayerEmbeddings(PerLayerInputConfig shape, DType type, Tensor tokens, Linear projection, Norm norm) {

    /**
     * Returns the inputs of all layers side by side, {@code [batch, sequence, layers * width]}.
     *
     * @param embedded embeddings of the tokens, {@code [batch, sequence, hidden]}
     */
    Tensor of(ModelInput input, Tensor embedded) {
        Tensor mapped = projection.apply(embedded).mul(1 / Math.sqrt(projection.in()));
        Tensor normed = norm.apply(mapped.reshape(mapped.size(0), mapped.size(1), -1, shape.width()))
                .reshape(mapped.shape());
        Tensor ofTokens = tokens.embedding(input.ids()).cast(type).mul(Math.sqrt(shape.width()));
        return normed.add(ofTokens).mul(Math.sqrt(0.5));
    }
}
