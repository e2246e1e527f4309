package org.layerwise.model.input;

import org.layerwise.tensor.Tensor;

/**
 * What images bring to the input of a language model.
 *
 * @param values one vector for each image token, {@code [tokens, hidden]}
 * @param places where these tokens are in the flattened batch, {@code [tokens]}, int64
 */
public record ImageFeatures(Tensor values, Tensor places) {

    /** The embedded batch {@code [batch, sequence, hidden]} with the vectors of images in the places of their tokens. */
    public Tensor into(Tensor embedded) {
        return embedded.reshape(-1, embedded.size(-1))
                .indexCopy(0, places, values)
                .reshape(embedded.shape());
    }
}
