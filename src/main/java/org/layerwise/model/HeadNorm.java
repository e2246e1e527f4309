package org.layerwise.model;

import org.layerwise.tensor.Tensor;

/**
 * The layer normalisation of a head.
 *
 * @param name the module's full name
 * @param weight {@code [hidden]}
 * @param bias {@code [hidden]}; zero where the family has none
 * @param biased whether the family has a bias, which is then trained and saved
 */
public record HeadNorm(String name, Tensor weight, Tensor bias, boolean biased, double epsilon) {}
