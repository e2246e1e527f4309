package org.layerwise.analysis.similarity;

import java.util.Arrays;

/** Ranks in the form that Spearman's correlation needs. */
final class Ranks {

    private Ranks() {}

    /**
     * Returns the rank of each value, with equal values at the mean of their ranks, minus the mean of all ranks.
     *
     * @param values values, not negative
     * @param tolerance neighbours that differ by at most this share of the largest value are equal
     */
    static double[] centred(double[] values, double tolerance) {
        double[] sorted = values.clone();
        Arrays.parallelSort(sorted);
        double[] ranks = ranks(sorted, tolerance * sorted[sorted.length - 1]);
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = ranks[Arrays.binarySearch(sorted, values[i])];
        }
        return result;
    }

    private static double[] ranks(double[] sorted, double gap) {
        double[] ranks = new double[sorted.length];
        double mean = (sorted.length - 1) / 2.0;
        for (int begin = 0; begin < sorted.length; ) {
            int end = begin + 1;
            while (end < sorted.length && sorted[end] - sorted[end - 1] <= gap) {
                end++;
            }
            Arrays.fill(ranks, begin, end, (begin + end - 1) / 2.0 - mean);
            begin = end;
        }
        return ranks;
    }
}
