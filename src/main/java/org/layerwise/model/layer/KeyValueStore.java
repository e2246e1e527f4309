package org.layerwise.model.layer;

import java.util.List;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Keys and values of one layer for the computed tokens, each {@code [rows, heads, capacity, d]}: index i belongs to
 * position i of its row, with rotary positions already applied. When the store grows, it grows by at least half, so
 * that it grows rarely.
 */
final class KeyValueStore implements LayerStore {

    private final TensorEngine engine;
    private Tensor keys;
    private Tensor values;
    private TensorOwner owner;

    KeyValueStore(TensorEngine engine, Device device, DType type, long... shape) {
        this.engine = engine;
        this.owner = engine.owner();
        try (Scope scope = engine.inference()) {
            this.keys = owner.adopt(engine.zeros(type, device, shape));
            this.values = owner.adopt(engine.zeros(type, device, shape));
        }
    }

    /**
     * Writes tokens of several rows.
     *
     * @param firstRow row of the cache for the first of the new rows
     * @param firstToken position of the first token in its row
     */
    void fill(int firstRow, int firstToken, KeyValues written) {
        long endToken = firstToken + written.keys().size(2);
        reserve(endToken);
        long endRow = firstRow + written.keys().size(0);
        keys.slice(0, firstRow, endRow).slice(2, firstToken, endToken).assign(written.keys());
        values.slice(0, firstRow, endRow).slice(2, firstToken, endToken).assign(written.values());
    }

    /** Returns the first tokens of several rows. */
    KeyValues rows(long firstRow, long count, long tokens) {
        return new KeyValues(
                keys.slice(0, firstRow, firstRow + count).slice(2, 0, tokens),
                values.slice(0, firstRow, firstRow + count).slice(2, 0, tokens));
    }

    /**
     * Writes one token per row.
     *
     * @param places positions of the tokens in their rows, {@code [rows, 1, 1, 1]}
     * @param length length of the longest row with its new token
     */
    void put(Tensor places, long length, KeyValues tokens) {
        reserve(length);
        keys.scatterInPlace(2, places, tokens.keys());
        values.scatterInPlace(2, places, tokens.values());
    }

    /**
     * Returns all keys and values, to read and write.
     *
     * @param length number of tokens for which there must be room
     */
    KeyValues withRoom(long length) {
        reserve(length);
        return new KeyValues(keys, values);
    }

    /** Returns the keys {@code from} to {@code to}, exclusive, of all rows. */
    Tensor keys(int from, int to) {
        return keys.slice(2, from, to);
    }

    /** Returns the values {@code from} to {@code to}, exclusive, of all rows. */
    Tensor values(int from, int to) {
        return values.slice(2, from, to);
    }

    @Override
    public void keep(Tensor rows) {
        replace(keys.indexSelect(0, rows), values.indexSelect(0, rows));
    }

    private void reserve(long length) {
        long capacity = keys.size(2);
        if (length > capacity) {
            long more = Math.max(length, capacity + capacity / 2) - capacity;
            try (Scope scope = engine.scope()) {
                replace(longer(keys, more), longer(values, more));
            }
        }
    }

    private Tensor longer(Tensor held, long more) {
        Tensor room = engine.zeros(held.dtype(), held.device(), held.size(0), held.size(1), more, held.size(3));
        return engine.cat(List.of(held, room), 2);
    }

    private void replace(Tensor newKeys, Tensor newValues) {
        TensorOwner before = owner;
        owner = engine.owner();
        keys = owner.adopt(newKeys);
        values = owner.adopt(newValues);
        before.close();
    }

    @Override
    public void close() {
        owner.close();
    }
}
