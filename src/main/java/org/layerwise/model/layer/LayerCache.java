package org.layerwise.model.layer;

import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenRange;
import org.layerwise.model.input.Visibility;
import org.layerwise.tensor.Tensor;

/** Part of a {@link KeyValueCache} that belongs to one layer, as its attention uses it. */
public final class LayerCache {

    private final LayerStore store;
    private final int firstRow;

    /** @param firstRow row of the cache for the first of whole rows, or for a part of a row */
    LayerCache(LayerStore store, int firstRow) {
        this.store = store;
        this.firstRow = firstRow;
    }

    /** Writes whole rows, {@code [some rows, heads, sequence, d]}. */
    void fill(Tensor keys, Tensor values) {
        store.fill(firstRow, 0, keys, values);
    }

    /** Writes a part of one row, {@code [1, heads, part, d]}. */
    void fill(TokenRange part, Tensor keys, Tensor values) {
        store.fill(firstRow, part.from(), keys, values);
    }

    /** Returns the keys, of the row of a part, that at least one token of the part sees. */
    Tensor keysOfRow(Visibility visibility) {
        return keys(visibility).slice(0, firstRow, firstRow + 1);
    }

    /** Returns the values, of the row of a part, that at least one token of the part sees. */
    Tensor valuesOfRow(Visibility visibility) {
        return values(visibility).slice(0, firstRow, firstRow + 1);
    }

    /** Writes one more token per row, {@code [rows, heads, 1, d]}. */
    void put(ModelInput input, Visibility visibility, Tensor keys, Tensor values) {
        store.put(input.places(), visibility.endKey(), keys, values);
    }

    /** Returns the keys that at least one token sees. */
    Tensor keys(Visibility visibility) {
        return store.keys(visibility.firstKey(), visibility.endKey());
    }

    /** Returns the values that at least one token sees. */
    Tensor values(Visibility visibility) {
        return store.values(visibility.firstKey(), visibility.endKey());
    }
}
