package org.layerwise.model;

import org.layerwise.tensor.Tensor;

/** The input of the first layer: token, position and segment vectors added and normalised. */
record Embeddings(Tensor tokens, Tensor positions, Tensor segments, LayerNorm norm) {

    /** {@code [batch, sequence]} to {@code [batch, sequence, hidden]}. */
    Tensor apply(ModelInput input, double dropout) {
        Tensor sum = tokens.embedding(input.ids())
                .add(segments.embedding(input.segments()))
                .add(positions.slice(0, 0, input.ids().size(1)));
        return norm.apply(sum).dropout(dropout);
    }
}
