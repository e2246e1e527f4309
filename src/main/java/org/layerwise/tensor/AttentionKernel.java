package org.layerwise.tensor;

/**
 * Ways to compute attention. The choice depends on type, device and length alone, never on a measurement at run time,
 * so that the same computation always gives the same bits; decision 31 has the times behind it.
 */
public enum AttentionKernel {
    /** libtorch's fused operation, which keeps no scores. */
    FUSED,
    /** A product for the scores, a softmax and a product with the values, which keeps the probabilities. */
    PRODUCTS;

    /** Number of keys up to which the fused operation for bfloat16 on a processor is slower, with and without a graph. */
    private static final long MOST_KEYS = 256;

    /** @param keys number of keys that a query may see */
    public static AttentionKernel of(DType type, Device device, long keys) {
        return type == DType.BF16 && device.kind() == Device.Kind.CPU && keys <= MOST_KEYS ? PRODUCTS : FUSED;
    }
}
