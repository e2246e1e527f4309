package org.layerwise.study;

/**
 * What computing with a model takes, estimated before it is loaded.
 *
 * @param whole bytes of all weights in the type that is computed in
 * @param layers bytes with one layer at a time: the largest layer or the embeddings
 * @param available bytes that are free where the weights go; the largest long if that is not known
 * @param loaded how much of it is in memory at a time; not {@link Loading#AUTO}
 */
public record MemoryNeed(long whole, long layers, long available, Loading loaded) {

    // hidden states, masks and the Java heap want their share
    private static final double SHARE = 0.8;

    static MemoryNeed of(long whole, long layers, long available, Loading loading) {
        Loading usual = whole > SHARE * available ? Loading.LAYERS : Loading.WHOLE;
        return new MemoryNeed(whole, layers, available, loading == Loading.AUTO ? usual : loading);
    }

    /** Whether the model is used a layer at a time. */
    public boolean byLayers() {
        return loaded == Loading.LAYERS;
    }

    /** Whether nothing of the model is loaded, so that only clusters can compute with it. */
    public boolean nothing() {
        return loaded == Loading.NONE;
    }

    /** Whether it is known what is free. */
    public boolean availableKnown() {
        return available != Long.MAX_VALUE;
    }

    /** Whether all weights at once come near to what is free, or are more. */
    public boolean wholeIsTight() {
        return whole > SHARE * available;
    }

    /** Whether even one layer at a time does. */
    public boolean layersAreTight() {
        return layers > SHARE * available;
    }
}
