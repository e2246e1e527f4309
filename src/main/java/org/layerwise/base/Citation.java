package org.layerwise.base;

/**
 * A published work, as the methods paragraph cites it.
 *
 * @param shortForm names and year, for running text: {@code Kornblith et al., 2019}
 * @param entry authors, title, place and year, for a list of references
 */
public record Citation(String shortForm, String entry) {}
