package org.layerwise.model.input;

import org.jspecify.annotations.Nullable;
import org.layerwise.tensor.Tensor;

/**
 * Which tokens attend to which.
 *
 * @param causal whether each token sees itself and those before it and nothing else matters
 * @param added to attention scores, otherwise: 0 where a token is seen and a very low number where not, broadcast to
 *     {@code [batch, heads, sequence, sequence]}; null where all is seen
 */
public record Visibility(boolean causal, @Nullable Tensor added) {

    /** The mask, which must be there. */
    public Tensor required() {
        if (added == null) {
            throw new IllegalStateException("no mask was made for this model");
        }
        return added;
    }
}
