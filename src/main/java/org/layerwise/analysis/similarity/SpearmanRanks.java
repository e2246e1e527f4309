package org.layerwise.analysis.similarity;

import java.util.Arrays;

/** Ranks in the form that Spearman's correlation needs. */
final class SpearmanRanks {

    private SpearmanRanks() {}

    /** Maximum width of a group of equal values, in steps: rounding alone spreads equal values over few steps. */
    private static final double WIDEST = 4;

    /**
     * Returns the rank of each value, with equal values at the mean of their ranks, minus the mean of all ranks.
     * Neighbours that differ by at most one step are equal. Close values form several groups, each at most four steps
     * wide, so that many close values do not become one.
     *
     * @param values values, not negative
     * @param tolerance the step at a value, as a share of the value, such as 1e-13
     * @param floor values below this number have the step of this number
     */
    static double[] centred(double[] values, double tolerance, double floor) {
        double[] sorted = values.clone();
        Arrays.parallelSort(sorted);
        double[] ranks = ranks(sorted, tolerance, floor);
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = ranks[Arrays.binarySearch(sorted, values[i])];
        }
        return result;
    }

    private static double[] ranks(double[] sorted, double tolerance, double floor) {
        double[] ranks = new double[sorted.length];
        double mean = (sorted.length - 1) / 2.0;
        for (int begin = 0; begin < sorted.length; ) {
            int end = begin + 1;
            while (end < sorted.length && equal(sorted, begin, end, tolerance * Math.max(floor, sorted[end]))) {
                end++;
            }
            Arrays.fill(ranks, begin, end, (begin + end - 1) / 2.0 - mean);
            begin = end;
        }
        return ranks;
    }

    private static boolean equal(double[] sorted, int begin, int next, double step) {
        return sorted[next] == sorted[next - 1]
                || sorted[next] - sorted[next - 1] <= step && sorted[next] - sorted[begin] <= WIDEST * step;
    }
}
