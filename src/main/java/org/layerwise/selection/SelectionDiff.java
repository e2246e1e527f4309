package org.layerwise.selection;

import java.util.SortedSet;
import java.util.TreeSet;
import org.layerwise.base.UserException;

/**
 * Comparison of two selections of the same model's layers.
 *
 * @param both layers that both selections contain
 * @param onlyFirst layers that only the first selection contains
 * @param onlySecond layers that only the second selection contains
 */
public record SelectionDiff(
        LayerSelection first,
        LayerSelection second,
        SortedSet<Integer> both,
        SortedSet<Integer> onlyFirst,
        SortedSet<Integer> onlySecond) {

    /**
     * Compares two selections.
     *
     * @throws UserException if the selections have different numbers of layers
     */
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

    /** Returns true if both select the same layers, for any reason. */
    public boolean sameLayers() {
        return onlyFirst.isEmpty() && onlySecond.isEmpty();
    }

    /** Returns true if both select the same layers for the same reason. */
    public boolean same() {
        return first.equals(second);
    }

    /**
     * Returns the Jaccard index: the number of layers in both selections divided by the number of layers in either; 1
     * if both selections are empty.
     */
    public double overlap() {
        int either = both.size() + onlyFirst.size() + onlySecond.size();
        return either == 0 ? 1 : (double) both.size() / either;
    }
}
