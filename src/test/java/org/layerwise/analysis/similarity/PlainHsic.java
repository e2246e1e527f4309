package org.layerwise.analysis.similarity;

/** The unbiased HSIC by the three sums of Song et al., and CKA from it. */
final class PlainHsic {

    private PlainHsic() {}

    static double debiasedCka(double[][] x, double[][] y) {
        return unbiased(x, y) / Math.sqrt(unbiased(x, x) * unbiased(y, y));
    }

    static double minibatchCka(double[][] x, double[][] y, int size) {
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int begin = 0; begin + 4 <= x.length; begin += size) {
            double[][] left = java.util.Arrays.copyOfRange(x, begin, Math.min(x.length, begin + size));
            double[][] right = java.util.Arrays.copyOfRange(y, begin, Math.min(x.length, begin + size));
            xy += unbiased(left, right);
            xx += unbiased(left, left);
            yy += unbiased(right, right);
        }
        return xy / Math.sqrt(xx * yy);
    }

    static double unbiased(double[][] x, double[][] y) {
        int n = x.length;
        double[][] k = withoutDiagonal(x);
        double[][] l = withoutDiagonal(y);
        double trace = 0;
        double sumK = 0;
        double sumL = 0;
        double product = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                trace += k[i][j] * l[j][i];
                sumK += k[i][j];
                sumL += l[i][j];
                for (int m = 0; m < n; m++) {
                    product += k[i][j] * l[j][m];
                }
            }
        }
        return (trace + sumK * sumL / ((n - 1.0) * (n - 2.0)) - 2 * product / (n - 2.0)) / (n * (n - 3.0));
    }

    private static double[][] withoutDiagonal(double[][] x) {
        double[][] gram = Plain.times(x, Plain.transposed(x));
        for (int i = 0; i < x.length; i++) {
            gram[i][i] = 0;
        }
        return gram;
    }
}
