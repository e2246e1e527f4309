package org.layerwise.gui.session;

import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.RankBudget;
import org.layerwise.selection.SelectedModules;
import org.layerwise.selection.SelectionRule;

/**
 * Choice of layers from their importance, as the window keeps it.
 *
 * @param ratio position of the slider, for any rule
 * @param maps linear maps of the layers, until the layers are chosen in another way; null for those that the
 *     settings of the adapters target
 */
record ChosenLayers(
        SelectionRule rule, LayerLocks locks, UndefinedLayers undefined, double ratio, @Nullable Maps maps) {

    ChosenLayers(SelectionRule rule, LayerLocks locks, UndefinedLayers undefined, double ratio) {
        this(rule, locks, undefined, ratio, null);
    }

    static ChosenLayers of(double ratio, UndefinedLayers undefined) {
        return new ChosenLayers(new SelectionRule.TopRatio(ratio), LayerLocks.none(), undefined, ratio);
    }

    /** Returns the choice of the linear maps of a selection. */
    ChosenLayers withMaps(LayerSelection selection) {
        SelectedModules modules = selection.modules();
        return modules == null
                ? this
                : new ChosenLayers(
                        rule,
                        locks,
                        undefined,
                        ratio,
                        new Maps(modules, selection.reason().budget()));
    }

    ChosenLayers with(SelectionRule other) {
        return new ChosenLayers(
                other, locks, undefined, other instanceof SelectionRule.TopRatio top ? top.ratio() : ratio);
    }

    ChosenLayers with(LayerLocks other) {
        return new ChosenLayers(rule, other, undefined, ratio);
    }

    ChosenLayers with(UndefinedLayers other) {
        return new ChosenLayers(rule, locks, other, ratio);
    }

    ChosenLayers with(double other) {
        return new ChosenLayers(rule, locks, undefined, other);
    }

    /** Returns the layers that are selected by an importance, with the linear maps if these are of just these layers. */
    LayerSelection of(LayerImportance known) {
        LayerSelection layers = LayerSelector.select(known, rule, locks, undefined);
        return maps == null || !maps.modules().layers().equals(layers.layers())
                ? layers
                : layers.withModules(maps.modules(), maps.budget());
    }

    /**
     * Linear maps of a selection that was taken over.
     *
     * @param budget budget within which their ranks were spread; null if they were not
     */
    record Maps(SelectedModules modules, @Nullable RankBudget budget) {}
}
