package org.layerwise.analysis.similarity;

/**
 * U-centring of a Gram (Székely and Rizzo, arXiv 1310.2926, equation 3.1):
 * {@code K_ij - K_i. / (n-2) - K_.j / (n-2) + K_.. / ((n-1)(n-2))} off the diagonal and 0 on it, with sums that leave
 * out the diagonal. The unbiased HSIC of two Grams is the inner product of their U-centred forms divided by
 * {@code n(n-3)}. A Gram of centred columns and a Gram of uncentred columns have the same U-centred form.
 */
public final class UCentring {

    /** Threshold relative to the norm of a Gram, below which a centred Gram consists of rounding only. */
    private static final double ROUNDING = 1e-12;

    private UCentring() {}

    /**
     * Returns the U-centred Gram.
     *
     * @param gram {@code [n, n]}, row-major; the diagonal is ignored
     * @param n number of examples, at least 3
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

    /** Returns true if a centred Gram consists of rounding only. */
    public static boolean isNothing(double[] centred, double[] gram) {
        return Doubles.norm(centred) <= ROUNDING * Doubles.norm(gram);
    }
}
