package org.layerwise.analysis.similarity;

/** Linear CKA by its definition, in plain doubles and plain loops: what the fast forms must agree with. */
final class PlainCka {

    private PlainCka() {}

    static double of(double[][] x, double[][] y) {
        double[][] centredX = centre(x);
        double[][] centredY = centre(y);
        return squaredNorm(centredX, centredY)
                / Math.sqrt(squaredNorm(centredX, centredX) * squaredNorm(centredY, centredY));
    }

    /** {@code ||X^T Y||_F^2}. */
    private static double squaredNorm(double[][] x, double[][] y) {
        double total = 0;
        for (int i = 0; i < x[0].length; i++) {
            for (int j = 0; j < y[0].length; j++) {
                double product = 0;
                for (int row = 0; row < x.length; row++) {
                    product += x[row][i] * y[row][j];
                }
                total += product * product;
            }
        }
        return total;
    }

    private static double[][] centre(double[][] x) {
        double[][] centred = new double[x.length][x[0].length];
        for (int column = 0; column < x[0].length; column++) {
            double mean = 0;
            for (double[] row : x) {
                mean += row[column] / x.length;
            }
            for (int row = 0; row < x.length; row++) {
                centred[row][column] = x[row][column] - mean;
            }
        }
        return centred;
    }
}
