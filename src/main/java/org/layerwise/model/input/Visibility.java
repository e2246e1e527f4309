package org.layerwise.model.input;

import java.util.List;
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
 * @param bands queries of a long row that are computed one band after another, in their order; empty for a single mask
 */
public record Visibility(boolean causal, @Nullable Tensor added, int firstKey, int endKey, List<Band> bands) {

    /**
     * Neighbouring queries with the keys that they see.
     *
     * @param from index of the first query
     * @param to index after the last query
     * @param keys visibility of the keys, with a mask for these queries alone
     */
    public record Band(int from, int to, Visibility keys) {}

    public Visibility {
        bands = List.copyOf(bands);
    }

    /** Creates a visibility with a single mask, or none. */
    public Visibility(boolean causal, @Nullable Tensor added, int firstKey, int endKey) {
        this(causal, added, firstKey, endKey, List.of());
    }

    /** Returns the visibility for the first token of each row. */
    public Visibility ofFirst() {
        if (!bands.isEmpty()) {
            return bands.get(0).keys().ofFirst();
        }
        return added == null ? this : new Visibility(causal, added.slice(2, 0, 1), firstKey, endKey);
    }
}
