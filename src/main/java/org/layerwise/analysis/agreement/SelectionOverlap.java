package org.layerwise.analysis.agreement;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Overlap of two selections of layers.
 *
 * @param shared number of layers in both selections
 * @param share share of the smaller selection that is in the other, 0 to 1; NaN if a selection is empty
 * @param jaccard shared layers divided by the layers in either selection, 0 to 1; NaN if a selection is empty
 */
public record SelectionOverlap(int shared, double share, double jaccard) {

    public static SelectionOverlap of(Collection<Integer> first, Collection<Integer> second) {
        Set<Integer> both = new HashSet<>(first);
        both.retainAll(second);
        Set<Integer> either = new HashSet<>(first);
        either.addAll(second);
        int smaller = Math.min(first.size(), second.size());
        return new SelectionOverlap(
                both.size(),
                smaller == 0 ? Double.NaN : (double) both.size() / smaller,
                smaller == 0 ? Double.NaN : (double) both.size() / either.size());
    }
}
