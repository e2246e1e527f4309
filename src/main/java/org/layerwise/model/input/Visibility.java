package org.layerwise.model.input;

import org.jspecify.annotations.Nullable;
import org.layerwise.tensor.Tensor;

/**
 * Which tokens attend to which.
 *
 * @param causal whether each token sees itself and those before it and nothing else matters
 * @param added to attention scores, otherwise: 0 where a token is seen and a very low number where not, broadcast to
 *     {@code [batch, heads, sequence, keys]}; null where all is seen
 * @param firstKey the first key that any token sees; those before it are not in the mask
 * @param endKey the key after the last one
 */
public record Visibility(boolean causal, @Nullable Tensor added, int firstKey, int endKey) {

    /** What the first token of each row attends to. */
    public Visibility ofFirst() {
        return added == null ? this : new Visibility(causal, added.slice(2, 0, 1), firstKey, endKey);
    }
}
