package org.layerwise.model.layer;

import org.layerwise.tensor.Tensor;

/** Memory of one layer in a {@link KeyValueCache}. */
sealed interface LayerStore extends AutoCloseable permits KeyValueStore, DeltaStore {

    /** Keeps only the rows at the indices {@code rows} (int64), in this order. */
    void keep(Tensor rows);

    @Override
    void close();
}
