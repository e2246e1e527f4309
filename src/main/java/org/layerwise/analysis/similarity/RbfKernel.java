package org.layerwise.analysis.similarity;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Kernel of {@link RbfCka}, {@code exp(-||x_i - x_j||^2 / (2 sigma^2))} minus 1: centring removes the 1 in any case,
 * and without it the kernel is exact for a large bandwidth.
 */
public final class RbfKernel {

    /** Threshold relative to the norm of a kernel, below which a centred kernel consists of rounding only. */
    private static final double ROUNDING = 1e-12;

    private RbfKernel() {}

    /**
     * Returns the kernel of all pairs of examples, not centred.
     *
     * @param gram {@code [n, n]}, row-major
     * @param bandwidth sigma as a multiple of the median distance
     * @return {@code [n, n]}; null if most pairs are equal, so that sigma is 0
     */
    public static double @Nullable [] of(double[] gram, int n, double bandwidth) {
        double[] distances = Doubles.squaredDistances(gram, n);
        double sigma = bandwidth * median(distances);
        if (sigma == 0) {
            return null;
        }
        for (int pair = 0; pair < distances.length; pair++) {
            distances[pair] = Math.expm1(-distances[pair] / (2 * sigma * sigma));
        }
        return Doubles.symmetric(distances, n);
    }

    /**
     * Subtracts the means of rows and columns, in place.
     *
     * @return true if more than rounding is left
     */
    public static boolean centre(double[] kernel, int n) {
        double before = Doubles.norm(kernel);
        double[] means = Doubles.rowSums(kernel, n);
        for (int i = 0; i < n; i++) {
            means[i] /= n;
        }
        double all = Doubles.sum(means) / n;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                kernel[i * n + j] += all - means[i] - means[j];
            }
        }
        return Doubles.norm(kernel) > ROUNDING * before;
    }

    /** Returns the median distance, from squared distances. */
    private static double median(double[] squared) {
        double[] sorted = squared.clone();
        Arrays.parallelSort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? Math.sqrt(sorted[middle])
                : (Math.sqrt(sorted[middle - 1]) + Math.sqrt(sorted[middle])) / 2;
    }
}
