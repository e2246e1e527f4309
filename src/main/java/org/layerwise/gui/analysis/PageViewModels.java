package org.layerwise.gui.analysis;

/**
 * View models of the pages of an analysis beside heatmap and ranking.
 *
 * @param modules linear maps
 * @param budget ranks of linear maps
 * @param map map of hidden states
 */
public record PageViewModels(ModulesViewModel modules, RankBudgetViewModel budget, HiddenStateMapViewModel map) {}
