package org.layerwise.generation;

import java.util.List;

/**
 * Settings of text generation, with the meaning of transformers' {@code generate}.
 *
 * @param maxNewTokens maximum number of new tokens per row, at least 1
 * @param temperature divisor of the logits before a token is sampled; 0 for the most likely token (greedy)
 * @param topP nucleus sampling: a token is sampled from the smallest set of most likely tokens with this cumulative
 *     probability (Holtzman et al., arXiv 1904.09751), above 0, at most 1; 1 for all tokens
 * @param seed seed of the sampling; the tokens of a row depend only on the seed and the row's number
 * @param ignoreEos true to treat an end-of-sequence token like any other token
 * @param stopStrings texts that end a row when its text contains one of them
 */
public record GenerationSettings(
        int maxNewTokens, double temperature, double topP, long seed, boolean ignoreEos, List<String> stopStrings) {

    /** Default maximum number of new tokens per row. */
    public static final int DEFAULT_MAX_NEW_TOKENS = 256;

    /** Default seed. */
    public static final long DEFAULT_SEED = 42;

    public GenerationSettings {
        stopStrings = List.copyOf(stopStrings);
        boolean right = maxNewTokens >= 1 && temperature >= 0 && temperature < Double.POSITIVE_INFINITY;
        if (!right || !(topP > 0 && topP <= 1) || stopStrings.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException(
                    "at least one token, a temperature from 0 on, top-p above 0 up to 1, and no empty stop string are needed");
        }
    }

    /** Returns settings for the most likely tokens, up to the end of the sequence. */
    public static GenerationSettings greedy(int maxNewTokens) {
        return new GenerationSettings(maxNewTokens, 0, 1, DEFAULT_SEED, false, List.of());
    }

    /** Returns these settings with other stop strings. */
    public GenerationSettings withStops(List<String> others) {
        return new GenerationSettings(maxNewTokens, temperature, topP, seed, ignoreEos, others);
    }

    /** Returns true if the most likely token is always chosen. */
    boolean greedy() {
        return temperature == 0;
    }
}
