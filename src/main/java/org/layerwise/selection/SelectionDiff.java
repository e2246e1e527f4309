package org.layerwise.selection;

import java.util.SortedSet;
import java.util.TreeSet;
import org.layerwise.base.UserException;

/**
 * What two selections of one model's layers have in common.
 *
 * @param both layers that both select
 * @param onlyFirst layers that only the first selects
 * @param onlySecond layers that only the second selects
 */
public record SelectionDiff(
        LayerSelection first,
        LayerSelection second,
        SortedSet<Integer> both,
        SortedSet<Integer> onlyFirst,
        SortedSet<Integer> onlySecond) {

    /** Compares two selections. */
    public static SelectionDiff of(LayerSelection first, LayerSelection second) {
        if (first.of() != second.of()) {
            throw new UserException("A selection of %s layers cannot be compared with one of %s layers."
                    .formatted(first.of(), second.of()));
        }
        SortedSet<Integer> both = new TreeSet<>(first.layers());
        both.retainAll(second.layers());
        SortedSet<Integer> onlyFirst = new TreeSet<>(first.layers());
        onlyFirst.removeAll(both);
        SortedSet<Integer> onlySecond = new TreeSet<>(second.layers());
        onlySecond.removeAll(both);
        return new SelectionDiff(
                first, second, LayerList.copy(both), LayerList.copy(onlyFirst), LayerList.copy(onlySecond));
    }

    /** Whether the same layers are selected, for whatever reason. */
    public boolean sameLayers() {
        return onlyFirst.isEmpty() && onlySecond.isEmpty();
    }

    /** Whether the same layers are selected for the same reason. */
    public boolean same() {
        return first.equals(second);
    }

    /** How much they overlap: layers in both as a part of those in either (Jaccard's index), 1 if both are empty. */
    public double overlap() {
        int either = both.size() + onlyFirst.size() + onlySecond.size();
        return either == 0 ? 1 : (double) both.size() / either;
    }
}
