package org.layerwise.model.input;

import org.jspecify.annotations.Nullable;
import org.layerwise.tensor.Tensor;

/**
 * Tokens to which each token attends.
 *
 * @param causal true if each token sees itself and earlier tokens, without any further mask
 * @param added mask added to attention scores otherwise: 0 for a visible token and a very low number for any other,
 *     broadcast to {@code [batch, heads, sequence, keys]}; null if all tokens are visible
 * @param firstKey index of the first key that any token sees; the mask does not contain earlier keys
 * @param endKey index after the last key
 */
public record Visibility(boolean causal, @Nullable Tensor added, int firstKey, int endKey) {

    /** Returns the visibility for the first token of each row. */
    public Visibility ofFirst() {
        return added == null ? this : new Visibility(causal, added.slice(2, 0, 1), firstKey, endKey);
    }
}
