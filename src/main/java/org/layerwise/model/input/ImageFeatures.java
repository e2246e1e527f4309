package org.layerwise.model.input;

import org.layerwise.tensor.Tensor;

/**
 * Features of images for the input of a language model.
 *
 * @param values one vector for each image token, {@code [tokens, hidden]}
 * @param places indices of these tokens in the flattened batch, {@code [tokens]}, int64
 */
public record ImageFeatures(Tensor values, Tensor places) {

    /**
     * Returns the embedded batch {@code [batch, sequence, hidden]} with the image tokens replaced by the vectors of
     * images.
     */
    public Tensor into(Tensor embedded) {
        return embedded.reshape(-1, embedded.size(-1))
                .indexCopy(0, places, values)
                .reshape(embedded.shape());
    }
}
