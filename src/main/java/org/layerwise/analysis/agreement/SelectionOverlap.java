package org.layerwise.analysis.agreement;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * How many layers two selections share.
 *
 * @param shared number of layers in both
 * @param share of the smaller selection that is in the other, 0 to 1; not a number where one is empty
 * @param jaccard shared layers by those in either, 0 to 1; not a number where one is empty
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
