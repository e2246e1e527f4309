package org.layerwise.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Keys and values of all layers of a decoder for the tokens that were computed, so that one more token costs one token.
 * Attention writes to it: whole rows, padded on the right, when they are computed first, then one token a row. It is used
 * where no graph is recorded; closing it frees its memory.
 */
public final class KeyValueCache implements AutoCloseable {

    private final TensorEngine engine;
    private final Device device;
    private final List<LayerStore> layers;
    private int rows;

    /**
     * An empty cache.
     *
     * @param rows that it is for
     * @param capacity tokens a row that it has room for; it grows where they are more
     * @param type that the model computes in
     */
    public KeyValueCache(TensorEngine engine, ModelConfig config, int rows, int capacity, Device device, DType type) {
        this.engine = engine;
        this.device = device;
        this.rows = rows;
        this.layers = new ArrayList<>();
        ModelConfig.Attention attention = config.attention();
        try {
            for (int layer = 0; layer < config.layers(); layer++) {
                layers.add(new LayerStore(
                        engine, device, type, rows, attention.keyValueHeads(), capacity, attention.headSize()));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The bytes that a token of a row takes. */
    public static long bytesPerToken(ModelConfig config, DType type) {
        return 2L * config.layers() * config.attention().keyValueWidth() * type.bytes();
    }

    /** The number of rows. */
    public int rows() {
        return rows;
    }

    /**
     * The part of one layer.
     *
     * @param firstRow the row of the cache that the first of whole rows goes to; does not matter for one more token a row
     */
    public LayerCache layer(int index, int firstRow) {
        return new LayerCache(layers.get(index), firstRow);
    }

    /** Keeps only some rows, in this order. */
    public void keep(int[] kept) {
        long[] index = new long[kept.length];
        for (int i = 0; i < kept.length; i++) {
            index[i] = kept[i];
        }
        for (LayerStore layer : layers) {
            try (Scope scope = engine.inference()) {
                Tensor places = engine.of(index, index.length).to(device);
                layer.keep(places);
            }
        }
        rows = kept.length;
    }

    @Override
    public void close() {
        layers.forEach(LayerStore::close);
    }
}
