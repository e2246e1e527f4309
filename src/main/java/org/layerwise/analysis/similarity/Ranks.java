package org.layerwise.analysis.similarity;

import java.util.Arrays;

/** Ranks as Spearman's correlation wants them. */
final class Ranks {

    private Ranks() {}

    /**
     * The rank of each value, equal ones at the mean of their ranks, less the mean of all ranks.
     *
     * @param values not negative
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
