package org.layerwise.analysis.similarity;

/** Sums over arrays of doubles, and operations on square matrices of doubles. */
final class Doubles {

    private Doubles() {}

    static double norm(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    /** Returns the sums of the rows of a symmetric {@code [n, n]}, which equal those of its columns. */
    static double[] rowSums(double[] square, int n) {
        double[] sums = new double[n];
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += square[i * n + j];
            }
            sums[i] = sum;
        }
        return sums;
    }

    /** Returns the symmetric {@code [n, n]} of values of all pairs {@code i < j}, given row by row, with zeros on the diagonal. */
    static double[] symmetric(double[] pairs, int n) {
        double[] square = new double[n * n];
        int at = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                double value = pairs[at++];
                square[i * n + j] = value;
                square[j * n + i] = value;
            }
        }
        return square;
    }

    /** Returns the squared distances {@code K_ii + K_jj - 2 K_ij} of all pairs {@code i < j}, row by row. */
    static double[] squaredDistances(double[] gram, int n) {
        double[] distances = new double[n * (n - 1) / 2];
        int at = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                distances[at++] = Math.max(0, gram[i * n + i] + gram[j * n + j] - 2 * gram[i * n + j]);
            }
        }
        return distances;
    }
}
