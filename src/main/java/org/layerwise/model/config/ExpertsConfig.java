package org.layerwise.model.config;

/**
 * Mixture of experts: feed-forward parts of which each token uses a few, chosen by a router (Shazeer et al., arXiv
 * 1701.06538).
 *
 * @param count number of experts
 * @param perToken number of experts of each token, from 1 to {@code count}
 * @param normalised true if the weights of a token's experts are divided by their sum
 */
public record ExpertsConfig(int count, int perToken, boolean normalised) {

    private static final int MOST = 1 << 12;

    /**
     * Reads a mixture.
     *
     * @param countKey key of the number of experts
     */
    static ExpertsConfig read(ConfigReader config, String countKey, int count, int perToken, boolean normalised) {
        int all = config.positive(countKey, count, MOST);
        int used = config.positive("num_experts_per_tok", perToken, MOST);
        if (used > all) {
            throw config.refused(
                    "has num_experts_per_tok = %s, more than the %s experts (%s).".formatted(used, all, countKey));
        }
        return new ExpertsConfig(all, used, normalised);
    }
}
