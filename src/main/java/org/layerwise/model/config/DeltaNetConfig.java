package org.layerwise.model.config;

/**
 * Gated delta network (Yang et al., arXiv 2412.06464), the linear attention of Qwen3-Next and Qwen3.5: each head keeps a
 * matrix of a fixed size instead of the keys and values of all tokens.
 *
 * @param keyHeads number of heads of queries and keys, a divisor of {@code valueHeads}
 * @param valueHeads number of heads of values
 * @param keySize width of a head of queries and keys
 * @param valueSize width of a head of values
 * @param kernel number of tokens that the convolution before the heads reads
 * @param fused true if one linear map gives queries, keys, values and gates, and another one both rates (Qwen3-Next)
 */
public record DeltaNetConfig(int keyHeads, int valueHeads, int keySize, int valueSize, int kernel, boolean fused)
        implements MixerConfig {

    /** Number of tokens that are computed together, with matrix products. */
    public static final int CHUNK = 64;

    /** Largest supported number of tokens that the convolution reads. */
    public static final int LARGEST_KERNEL = 1024;

    /** Returns the width of all queries, which is also the width of all keys. */
    public int keyWidth() {
        return keyHeads * keySize;
    }

    /** Returns the width of all values, of their gates, and of the output. */
    public int valueWidth() {
        return valueHeads * valueSize;
    }

    /** Returns the number of channels of the convolution: queries, keys and values. */
    public int channels() {
        return 2 * keyWidth() + valueWidth();
    }
}
