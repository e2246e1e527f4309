package org.layerwise.analysis.adapter;

import org.layerwise.analysis.ModuleImportance;

/**
 * Mean squared norms of what an adapter adds to the outputs of its modules.
 *
 * @param modules mean over all tokens of each module
 * @param layers mean over the tokens of a row, summed over the modules of a layer, {@code [n, M]} in the data's order
 * @param tokens number of tokens of each row, by which its mean counts
 */
public record AdapterEnergies(ModuleImportance modules, double[][] layers, double[] tokens) {}
