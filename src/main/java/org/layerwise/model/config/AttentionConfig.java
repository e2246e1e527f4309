package org.layerwise.model.config;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attention of several heads in one layer.
 *
 * @param heads number of query heads
 * @param keyValueHeads number of key and value heads, a divisor of {@code heads} (grouped queries)
 * @param headSize width of one head
 * @param norm normalisation of queries and keys
 * @param softCap tanh limits the scores to plus or minus this value; 0 for no limit
 * @param sinks true if each head has an additional score that is dropped after the softmax (gpt-oss)
 * @param scale scale of the scores
 * @param window a token sees tokens at a distance below this (in a bidirectional model, at a distance of at most half of
 *     it, rounded down); 0 for all tokens
 * @param rope rotation of queries and keys; null for none
 */
public record AttentionConfig(
        int heads,
        int keyValueHeads,
        int headSize,
        Maps maps,
        QueryKeyNorm norm,
        double softCap,
        boolean sinks,
        double scale,
        int window,
        @Nullable Rope rope)
        implements MixerConfig {

    /**
     * Linear maps before and after the attention.
     *
     * @param layout linear maps from which queries, keys and values come
     * @param bias true if the maps to queries, keys and values have biases
     * @param outputBias true if the map of the output has a bias
     */
    public record Maps(Layout layout, boolean bias, boolean outputBias) {}

    /** Linear maps from which queries, keys and values come. */
    public enum Layout {
        /** One map each. */
        SEPARATE,
        /** One map each; that of the queries also gives a gate of the output, head by head (Qwen3-Next). */
        GATED,
        /** One map: all queries, all keys, all values. */
        FUSED,
        /** One map: query, key and value of the first head, then of the next (GPT-NeoX). */
        FUSED_BY_HEAD,
        /** One map for queries and one for keys, which are the values, too (Gemma 4). */
        KEYS_AS_VALUES,
        /** Map for queries alone; keys and values are those of an earlier layer (Gemma 4 E). */
        QUERIES
    }

    /** Normalisation of queries and keys before rotary positions. */
    public enum QueryKeyNorm {
        NONE,
        /** Over each head (Qwen3, Gemma 3). */
        EACH_HEAD,
        /** Over all heads together (OLMo 2). */
        ALL_HEADS,
        /** Over each head, and over each head of the values without a weight (Gemma 4). */
        EACH_HEAD_AND_VALUES
    }

    /**
     * Returns attention with separate maps without biases, the usual scale, no positions, and no further options.
     */
    public static AttentionConfig of(int heads, int keyValueHeads, int headSize) {
        Maps separate = new Maps(Layout.SEPARATE, false, false);
        double scale = 1 / Math.sqrt(headSize);
        return new AttentionConfig(
                heads, keyValueHeads, headSize, separate, QueryKeyNorm.NONE, 0, false, scale, 0, null);
    }

    /** Returns attention as in the original transformer: as many key heads as query heads, and biases in all maps. */
    public static AttentionConfig plain(int heads, int headSize) {
        return of(heads, heads, headSize).withBiases(true, true);
    }

    /** Returns this attention with another layout of the maps to queries, keys and values. */
    public AttentionConfig withMaps(Layout layout) {
        return with(new Maps(layout, maps.bias(), maps.outputBias()));
    }

    /** Returns this attention with or without biases of the maps to queries, keys and values, and of the output. */
    public AttentionConfig withBiases(boolean ofInputs, boolean ofOutput) {
        return with(new Maps(maps.layout(), ofInputs, ofOutput));
    }

    private AttentionConfig with(Maps other) {
        return new AttentionConfig(heads, keyValueHeads, headSize, other, norm, softCap, sinks, scale, window, rope);
    }

    /** Returns this attention with normalised queries and keys. */
    public AttentionConfig withNorm(QueryKeyNorm kind) {
        return new AttentionConfig(heads, keyValueHeads, headSize, maps, kind, softCap, sinks, scale, window, rope);
    }

    /** Returns this attention with scores limited by tanh; 0 for no limit. */
    public AttentionConfig withSoftCap(double cap) {
        return new AttentionConfig(heads, keyValueHeads, headSize, maps, norm, cap, sinks, scale, window, rope);
    }

    /** Returns this attention with an additional score of each head. */
    public AttentionConfig withSinks() {
        return new AttentionConfig(heads, keyValueHeads, headSize, maps, norm, softCap, true, scale, window, rope);
    }

    /** Returns this attention with another scale of the scores. */
    public AttentionConfig withScale(double factor) {
        return new AttentionConfig(heads, keyValueHeads, headSize, maps, norm, softCap, sinks, factor, window, rope);
    }

    /** Returns this attention with a window; 0 for all tokens. */
    public AttentionConfig withWindow(int tokens) {
        return new AttentionConfig(heads, keyValueHeads, headSize, maps, norm, softCap, sinks, scale, tokens, rope);
    }

    /** Returns this attention with rotary positions; null for none. */
    public AttentionConfig withRope(@Nullable Rope positions) {
        return new AttentionConfig(
                heads, keyValueHeads, headSize, maps, norm, softCap, sinks, scale, window, positions);
    }

    /** Returns this attention for each of several layers. */
    public List<AttentionConfig> times(int layers) {
        return Collections.nCopies(layers, this);
    }

    /** Returns true if libtorch's fused attention computes it, which keeps no scores. */
    public boolean fused() {
        return softCap == 0 && !sinks;
    }

    /** Returns the width of all queries. */
    public int queryWidth() {
        return heads * headSize;
    }

    /** Returns the width of all keys, which is also the width of all values. */
    public int keyValueWidth() {
        return keyValueHeads * headSize;
    }
}
