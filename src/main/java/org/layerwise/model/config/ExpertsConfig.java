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
 */
public record ExpertsConfig(int count, int perToken, boolean normalised, double limit) {}
