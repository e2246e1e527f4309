package org.layerwise.study.model;

import org.layerwise.settings.Loading;

/**
 * Memory that a model needs, estimated before it is loaded.
 *
 * @param whole bytes of all weights in the compute data type
 * @param layers bytes with one layer at a time: the largest layer or the embeddings
 * @param available free bytes on the device of the weights; {@link Long#MAX_VALUE} if unknown
 * @param loaded part of the model that is in memory at a time; never {@link Loading#AUTO}
 */
public record MemoryNeed(long whole, long layers, long available, Loading loaded) {

    // the rest is left for hidden states, masks and the Java heap
    private static final double SHARE = 0.8;

    public static MemoryNeed of(long whole, long layers, long available, Loading loading) {
        Loading usual = whole > SHARE * available ? Loading.LAYERS : Loading.WHOLE;
        return new MemoryNeed(whole, layers, available, loading == Loading.AUTO ? usual : loading);
    }

    /** Returns true if the model is used one layer at a time. */
    public boolean byLayers() {
        return loaded == Loading.LAYERS;
    }

    /** Returns true if no weights are loaded, so that only clusters can compute with the model. */
    public boolean nothing() {
        return loaded == Loading.NONE;
    }

    /** Returns true if the free memory is known. */
    public boolean availableKnown() {
        return available != Long.MAX_VALUE;
    }

    /** Returns true if all weights together take more than 80 % of the free memory. */
    public boolean wholeIsTight() {
        return whole > SHARE * available;
    }

    /** Returns true if all weights and some more bytes take at most 80 % of the free memory. */
    public boolean fits(long more) {
        return whole + more <= SHARE * available;
    }

    /** Returns true if even one layer at a time takes more than 80 % of the free memory. */
    public boolean layersAreTight() {
        return layers > SHARE * available;
    }
}
