package org.layerwise.model.layer;

import org.jspecify.annotations.Nullable;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenRange;
import org.layerwise.model.input.Visibility;
import org.layerwise.tensor.Tensor;

/** Access of one layer's attention, or of what takes its place, to its part of a {@link KeyValueCache}. */
public final class LayerCache {

    private final LayerStore store;
    private final int firstRow;

    /** @param firstRow row of the cache for the first of whole rows, or for a part of a row */
    LayerCache(LayerStore store, int firstRow) {
        this.store = store;
        this.firstRow = firstRow;
    }

    private KeyValueStore keysAndValues() {
        return (KeyValueStore) store;
    }

    /** Returns the state of a gated delta network before the tokens of an input; null at the beginning of rows. */
    DeltaStore.@Nullable State state(ModelInput input) {
        DeltaStore states = (DeltaStore) store;
        if (input.goesOn()) {
            return states.all();
        }
        boolean begins = input.part() == null || input.part().from() == 0;
        return begins ? null : states.rows(firstRow, 1);
    }

    /** Writes the state of a gated delta network after the tokens of an input. */
    void put(ModelInput input, DeltaStore.State state) {
        ((DeltaStore) store).put(input.goesOn() ? 0 : firstRow, state);
    }

    /** Writes whole rows. */
    void fill(KeyValues rows) {
        keysAndValues().fill(firstRow, 0, rows);
    }

    /** Returns the first tokens of whole rows that an earlier layer wrote. */
    KeyValues ofRows(long rows, long tokens) {
        return keysAndValues().rows(firstRow, rows, tokens);
    }

    /** Writes a part of one row. */
    void fill(TokenRange part, KeyValues row) {
        keysAndValues().fill(firstRow, part.from(), row);
    }

    /** Returns the keys, of the row of a part, that at least one token of the part sees. */
    Tensor keysOfRow(Visibility visibility) {
        return keys(visibility).slice(0, firstRow, firstRow + 1);
    }

    /** Returns the values, of the row of a part, that at least one token of the part sees. */
    Tensor valuesOfRow(Visibility visibility) {
        return values(visibility).slice(0, firstRow, firstRow + 1);
    }

    /** Writes one more token per row. */
    void put(ModelInput input, Visibility visibility, KeyValues tokens) {
        keysAndValues().put(input.places(), visibility.endKey(), tokens);
    }

    /** Returns the keys and values of all rows for one more token per row, with room for it. */
    KeyValues withRoom(Visibility visibility) {
        return keysAndValues().withRoom(visibility.endKey());
    }

    /** Returns the keys that at least one token sees. */
    Tensor keys(Visibility visibility) {
        return keysAndValues().keys(visibility.firstKey(), visibility.endKey());
    }

    /** Returns the values that at least one token sees. */
    Tensor values(Visibility visibility) {
        return keysAndValues().values(visibility.firstKey(), visibility.endKey());
    }
}
