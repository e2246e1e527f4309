package org.layerwise.model.layer;

import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.RowPart;
import org.layerwise.model.input.Visibility;
import org.layerwise.tensor.Tensor;

/** A layer's part of a {@link KeyValueCache}, as its attention sees it. */
public final class LayerCache {

    private final LayerStore store;
    private final int firstRow;

    /** @param firstRow the row of the cache that the first of whole rows, or a part of a row, goes to */
    LayerCache(LayerStore store, int firstRow) {
        this.store = store;
        this.firstRow = firstRow;
    }

    /** Writes whole rows, {@code [some rows, heads, sequence, d]}. */
    void fill(Tensor keys, Tensor values) {
        store.fill(firstRow, 0, keys, values);
    }

    /** Writes a part of one row, {@code [1, heads, part, d]}. */
    void fill(RowPart part, Tensor keys, Tensor values) {
        store.fill(firstRow, part.from(), keys, values);
    }

    /** Returns the keys of the row of a part that some token of the part sees. */
    Tensor keysOfRow(Visibility visibility) {
        return keys(visibility).slice(0, firstRow, firstRow + 1);
    }

    /** Returns the values of the row of a part that some token of the part sees. */
    Tensor valuesOfRow(Visibility visibility) {
        return values(visibility).slice(0, firstRow, firstRow + 1);
    }

    /** Writes one more token a row, {@code [rows, heads, 1, d]}. */
    void put(ModelInput input, Visibility visibility, Tensor keys, Tensor values) {
        store.put(input.places(), visibility.endKey(), keys, values);
    }

    /** The keys that some token sees. */
    Tensor keys(Visibility visibility) {
        return store.keys(visibility.firstKey(), visibility.endKey());
    }

    /** The values that some token sees. */
    Tensor values(Visibility visibility) {
        return store.values(visibility.firstKey(), visibility.endKey());
    }
}
