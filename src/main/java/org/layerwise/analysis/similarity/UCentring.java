package org.layerwise.analysis.similarity;

/**
 * U-centring of a Gram (Székely and Rizzo, arXiv 1310.2926, equation 3.1): {@code K_ij - K_i. / (n-2) - K_.j / (n-2) +
 * K_.. / ((n-1)(n-2))} off the diagonal and 0 on it, sums without the diagonal. The unbiased HSIC of two Grams is the inner
 * product of what it gives, over {@code n(n-3)}. It is the same for a Gram of centred and of uncentred columns.
 */
public final class UCentring {

    /** What is left of a Gram that is nothing but rounding. */
    private static final double ROUNDING = 1e-12;

    private UCentring() {}

    /**
     * Centres.
     *
     * @param gram {@code [n, n]}, row-major; its diagonal does not matter
     * @param n at least 3
     */
    public static double[] of(double[] gram, int n) {
        double[] sums = Doubles.rowSums(gram, n);
        for (int i = 0; i < n; i++) {
            sums[i] -= gram[i * n + i];
        }
        double all = Doubles.sum(sums) / ((n - 1.0) * (n - 2.0));
        double[] centred = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (i != j) {
                    centred[i * n + j] = gram[i * n + j] - (sums[i] + sums[j]) / (n - 2.0) + all;
                }
            }
        }
        return centred;
    }

    /** Whether nothing is left of a Gram. */
    public static boolean isNothing(double[] centred, double[] gram) {
        return Doubles.norm(centred) <= ROUNDING * Doubles.norm(gram);
    }
}
