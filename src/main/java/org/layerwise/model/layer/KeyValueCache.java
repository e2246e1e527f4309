package org.layerwise.model.layer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.DeltaNetConfig;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Cache of all layers of a decoder for the computed tokens, so that each further token costs the computation of one token:
 * keys and values of attention, states of gated delta networks. The layers write to it: first whole rows, padded on the
 * right, or parts of a row, then one token per row. It is for computations that record no graph; closing it frees its
 * memory.
 */
public final class KeyValueCache implements AutoCloseable {

    private final TensorEngine engine;
    private final Device device;
    /** Store of each layer; layers that share keys and values share their store. */
    private final List<LayerStore> layers;

    private int rows;

    /**
     * Creates an empty cache.
     *
     * @param rows number of rows
     * @param capacity number of tokens per row for which memory is reserved; the cache grows if rows become longer
     * @param type type in which the model computes
     */
    public KeyValueCache(TensorEngine engine, ModelConfig config, int rows, int capacity, Device device, DType type) {
        this.engine = engine;
        this.device = device;
        this.rows = rows;
        this.layers = new ArrayList<>();
        try {
            for (LayerConfig layer : config.layerConfigs()) {
                layers.add(
                        layer.keysOf().isPresent()
                                ? layers.get(layer.keysOf().getAsInt())
                                : layer.mixer() instanceof DeltaNetConfig shape
                                        ? new DeltaStore(engine, shape, device, type, rows)
                                        : keysAndValues(Objects.requireNonNull(layer.attention()), capacity, type));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private KeyValueStore keysAndValues(AttentionConfig attention, int capacity, DType type) {
        return new KeyValueStore(engine, device, type, rows, attention.keyValueHeads(), capacity, attention.headSize());
    }

    /**
     * Returns the number of bytes that one row takes.
     *
     * @param length number of tokens of the row
     */
    public static long bytesPerRow(ModelConfig config, DType type, long length) {
        return config.layerConfigs().stream()
                .filter(layer -> layer.keysOf().isEmpty())
                .mapToLong(layer -> layer.mixer() instanceof DeltaNetConfig shape
                        ? DeltaStore.bytes(shape, type)
                        : 2 * length * Objects.requireNonNull(layer.attention()).keyValueWidth() * type.bytes())
                .sum();
    }

    /** Returns the number of rows. */
    public int rows() {
        return rows;
    }

    /**
     * Returns the cache of one layer.
     *
     * @param firstRow row of the cache for the first of whole rows, or for a part of a row; ignored for one more token
     *     per row
     */
    public LayerCache layer(int index, int firstRow) {
        return new LayerCache(layers.get(index), firstRow);
    }

    /** Keeps only the rows at these indices, in this order. */
    public void keep(int[] kept) {
        long[] index = new long[kept.length];
        for (int i = 0; i < kept.length; i++) {
            index[i] = kept[i];
        }
        for (LayerStore layer : stores()) {
            try (Scope scope = engine.inference()) {
                Tensor places = engine.of(index, index.length).to(device);
                layer.keep(places);
            }
        }
        rows = kept.length;
    }

    @Override
    public void close() {
        stores().forEach(LayerStore::close);
    }

    private Set<LayerStore> stores() {
        return new LinkedHashSet<>(layers);
    }
}
