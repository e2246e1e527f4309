package org.layerwise.model.config;

/**
 * Mixture of experts: feed-forward parts of which each token uses a few, chosen by a router (Shazeer et al., arXiv
 * 1701.06538).
 *
 * @param count number of experts
 * @param perToken number of experts of each token, from 1 to {@code count}
 * @param normalised true if the weights of a token's experts are divided by their sum
 * @param limit limit of gates and inner values of experts in the form of gpt-oss, with biases and stored as one; 0 for
 *     the usual gated form
 * @param shared inner width of an expert that all tokens use, weighted by a gate of its own (Qwen3-Next); 0 for none
 * @param beside inner width of experts beside the feed-forward part, stored as one (Gemma 4); 0 for experts in its place
 */
public record ExpertsConfig(int count, int perToken, boolean normalised, double limit, int shared, int beside) {

    /** Returns this mixture with experts in the form of gpt-oss. */
    public ExpertsConfig withLimit(double other) {
        return new ExpertsConfig(count, perToken, normalised, other, shared, beside);
    }

    /** Returns this mixture with experts beside the feed-forward part. */
    public ExpertsConfig withBeside(int size) {
        return new ExpertsConfig(count, perToken, normalised, limit, shared, size);
    }

    /** Returns this mixture with an expert that all tokens use. */
    public ExpertsConfig withShared(int size) {
        return new ExpertsConfig(count, perToken, normalised, limit, size, beside);
    }
}
