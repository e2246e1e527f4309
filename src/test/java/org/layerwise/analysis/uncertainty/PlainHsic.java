package org.layerwise.analysis.uncertainty;

/** HSIC of a draw whose Gram is written out. */
final class PlainHsic {

    private PlainHsic() {}

    /** Gram of the drawn examples, in which two copies of one example are no pair. */
    static double[][] drawn(double[] gram, int n, int[] drawn, boolean unbiased) {
        double[][] kernel = new double[drawn.length][drawn.length];
        for (int i = 0; i < drawn.length; i++) {
            for (int j = 0; j < drawn.length; j++) {
                boolean counts = drawn[i] != drawn[j] || i == j && !unbiased;
                kernel[i][j] = counts ? gram[drawn[i] * n + drawn[j]] : 0;
            }
        }
        return kernel;
    }

    /** Straight from the definitions. */
    static double of(double[][] k, double[][] l, boolean unbiased) {
        int n = k.length;
        double trace = 0;
        double both = 0;
        double sumK = 0;
        double sumL = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                trace += k[i][j] * l[i][j];
                sumK += k[i][j];
                sumL += l[i][j];
                for (int q = 0; q < n; q++) {
                    both += k[i][j] * l[i][q];
                }
            }
        }
        return unbiased
                ? trace + sumK * sumL / ((n - 1.0) * (n - 2.0)) - 2 * both / (n - 2.0)
                : trace + sumK * sumL / ((double) n * n) - 2 * both / n;
    }
}
