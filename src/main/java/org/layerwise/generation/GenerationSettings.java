package org.layerwise.generation;

import java.util.List;

/**
 * How tokens are chosen and when a row ends, with the meaning of transformers' {@code generate}.
 *
 * @param maxNewTokens the most tokens a row, at least 1
 * @param temperature what logits are divided by before a token is drawn; 0 to take the likeliest (greedy)
 * @param topP a token is drawn of the fewest likeliest ones whose probabilities add up to this (Holtzman et al., arXiv
 *     1904.09751), above 0, at most 1; 1 for all
 * @param seed of what is drawn; a row's draws depend on it and the row's number alone
 * @param ignoreEos whether an end-of-sequence token is a token like any other
 * @param stopStrings a row ends where its text holds one of these
 */
public record GenerationSettings(
        int maxNewTokens, double temperature, double topP, long seed, boolean ignoreEos, List<String> stopStrings) {

    /** Tokens a row when nothing is said. */
    public static final int DEFAULT_MAX_NEW_TOKENS = 256;

    /** The seed when nothing is said. */
    public static final long DEFAULT_SEED = 42;

    public GenerationSettings {
        stopStrings = List.copyOf(stopStrings);
        boolean right = maxNewTokens >= 1 && temperature >= 0 && temperature < Double.POSITIVE_INFINITY;
        if (!right || !(topP > 0 && topP <= 1) || stopStrings.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException(
                    "at least one token, a temperature from 0 on, top-p above 0 up to 1, and no empty stop string are needed");
        }
    }

    /** The likeliest tokens, up to the end of the sequence. */
    public static GenerationSettings greedy(int maxNewTokens) {
        return new GenerationSettings(maxNewTokens, 0, 1, DEFAULT_SEED, false, List.of());
    }

    /** The same with other stop strings. */
    public GenerationSettings withStops(List<String> others) {
        return new GenerationSettings(maxNewTokens, temperature, topP, seed, ignoreEos, others);
    }

    /** Whether the likeliest token is taken. */
    boolean greedy() {
        return temperature == 0;
    }
}
