package org.layerwise.model.layer;

import org.layerwise.tensor.Tensor;

/**
 * Keys and values of attention, normalised and turned, each {@code [batch, heads, sequence, d]}. There may be fewer
 * heads than those of the queries.
 */
public record KeyValues(Tensor keys, Tensor values) {

    /** Returns keys and values that several heads of the queries share, once for each. */
    KeyValues repeated(int times) {
        return new KeyValues(keys.repeatHeads(times), values.repeatHeads(times));
    }
}
