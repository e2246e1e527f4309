package org.layerwise.model;

import org.layerwise.tensor.Tensor;

/**
 * Layer normalisation of a head.
 *
 * @param name full name of the module
 * @param weight {@code [hidden]}
 * @param bias {@code [hidden]}; zero if the family has no bias
 * @param biased true if the family has a bias, which is then trained and saved
 */
public record HeadNorm(String name, Tensor weight, Tensor bias, boolean biased, double epsilon) {}
