package org.layerwise.selection;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.UserException;

/** Selects layers by their importance (arXiv 2602.05988, section 3). */
public final class LayerSelector {

    private LayerSelector() {}

    /**
     * Selects layers. Layers that are locked as always selected are part of the selection and count towards the number
     * that a rule requires; if there are more of them than that, all of them stay. Layers that are locked as never
     * selected are not part of the selection, even if the rule names them. A layer without importance is left out or
     * ranked first, as {@code undefined} says, unless it is locked or named. If fewer layers can be selected
     * than the rule requires, all possible layers are selected, and the reason states the shortfall.
     *
     * @param importance importance of all M layers
     * @throws UserException if a lock or a named layer is not one of the model's
     */
    public static LayerSelection select(
            LayerImportance importance, SelectionRule rule, LayerLocks locks, UndefinedLayers undefined) {
        int of = importance.layers();
        locks.within(of);
        if (rule instanceof SelectionRule.Named named) {
            LayerList.requireWithin(named.layers(), of);
        }
        SortedSet<Integer> layers = layers(importance, importance.ranking(undefined), rule, locks);
        String shortfall = null;
        if (rule instanceof SelectionRule.Named named) {
            shortfall = leftOut(named, locks);
        } else if (rule instanceof SelectionRule.Threshold) {
            shortfall = layers.isEmpty() ? "No layer has an %s.".formatted(rule.words()) : null;
        } else if (layers.size() < number(rule, of)) {
            shortfall = shortfall(number(rule, of), layers.size(), importance, locks, undefined);
        }
        return new LayerSelection(layers, of, new LayerSelection.Reason(rule, locks, undefined, shortfall));
    }

    private static SortedSet<Integer> layers(
            LayerImportance importance, List<Integer> ranking, SelectionRule rule, LayerLocks locks) {
        SortedSet<Integer> layers = new TreeSet<>(locks.always());
        List<Integer> candidates =
                ranking.stream().filter(layer -> !locks.never().contains(layer)).toList();
        if (rule instanceof SelectionRule.Named named) {
            layers.addAll(named.layers());
            layers.removeAll(locks.never());
        } else if (rule instanceof SelectionRule.Threshold threshold) {
            // a layer without importance is a candidate only if it ranks above all others
            candidates.stream()
                    .filter(layer -> importance.of(layer).orElse(Double.POSITIVE_INFINITY) >= threshold.importance())
                    .forEach(layers::add);
        } else {
            takeFirst(layers, candidates, number(rule, importance.layers()));
        }
        return layers;
    }

    /** Returns the number of layers that a ratio or a number asks for. */
    static int number(SelectionRule rule, int of) {
        return rule instanceof SelectionRule.TopRatio top ? top.count(of) : ((SelectionRule.TopN) rule).n();
    }

    private static @Nullable String leftOut(SelectionRule.Named rule, LayerLocks locks) {
        SortedSet<Integer> leftOut = new TreeSet<>(rule.layers());
        leftOut.retainAll(locks.never());
        return leftOut.isEmpty()
                ? null
                : "Left out, because locked as never selected: %s.".formatted(LayerList.named(leftOut));
    }

    private static void takeFirst(SortedSet<Integer> layers, List<Integer> candidates, int number) {
        for (int layer : candidates) {
            if (layers.size() >= number) {
                return;
            }
            layers.add(layer);
        }
    }

    private static String shortfall(
            int number, int selected, LayerImportance importance, LayerLocks locks, UndefinedLayers undefined) {
        int of = importance.layers();
        List<String> causes = new ArrayList<>();
        if (number > of) {
            causes.add("the model has %s".formatted(of));
        }
        List<Integer> withoutImportance = IntStream.range(0, of)
                .filter(layer -> importance.of(layer).isEmpty())
                .filter(layer ->
                        !locks.always().contains(layer) && !locks.never().contains(layer))
                .boxed()
                .toList();
        if (undefined == UndefinedLayers.EXCLUDE && !withoutImportance.isEmpty()) {
            causes.add("the importance of %s is undefined".formatted(LayerList.named(withoutImportance)));
        }
        if (!locks.never().isEmpty()) {
            causes.add("locked as never selected: %s".formatted(LayerList.named(locks.never())));
        }
        return "%s layers were asked for, %s could be selected (%s)."
                .formatted(number, selected, String.join("; ", causes));
    }
}
