package org.layerwise.model.layer;

import org.layerwise.tensor.Tensor;

/** Part of a {@link KeyValueCache} of one layer. */
sealed interface LayerStore extends AutoCloseable permits KeyValueStore, DeltaStore {

    /** Keeps only the rows at the indices {@code rows} (int64), in this order. */
    void keep(Tensor rows);

    @Override
    void close();
}
