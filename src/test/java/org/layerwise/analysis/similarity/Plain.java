package org.layerwise.analysis.similarity;

import java.util.Arrays;

/** Matrices in plain doubles and plain loops, and their singular values by Jacobi's rotations. */
final class Plain {

    private Plain() {}

    static double[][] times(double[][] a, double[][] b) {
        double[][] product = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b[0].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    product[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return product;
    }

    static double[][] transposed(double[][] a) {
        double[][] result = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                result[j][i] = a[i][j];
            }
        }
        return result;
    }

    static double[][] centred(double[][] x) {
        double[][] result = new double[x.length][x[0].length];
        for (int column = 0; column < x[0].length; column++) {
            double mean = 0;
            for (double[] row : x) {
                mean += row[column] / x.length;
            }
            for (int row = 0; row < x.length; row++) {
                result[row][column] = x[row][column] - mean;
            }
        }
        return result;
    }

    static double norm(double[][] x) {
        return Math.sqrt(Arrays.stream(x)
                .flatMapToDouble(Arrays::stream)
                .map(value -> value * value)
                .sum());
    }

    static double distance(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - y[i]) * (x[i] - y[i]);
        }
        return Math.sqrt(sum);
    }

    /** The left singular vectors in rows, longest first, each times its singular value. */
    static double[][] scaledLeftVectors(double[][] matrix) {
        double[][] columns = transposed(matrix);
        for (int sweep = 0; sweep < 60; sweep++) {
            for (int p = 0; p < columns.length; p++) {
                for (int q = p + 1; q < columns.length; q++) {
                    rotate(columns[p], columns[q]);
                }
            }
        }
        Arrays.sort(columns, (x, y) -> Double.compare(length(y), length(x)));
        return columns;
    }

    private static void rotate(double[] x, double[] y) {
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += x[i] * x[i];
            yy += y[i] * y[i];
            xy += x[i] * y[i];
        }
        if (Math.abs(xy) <= 1e-17 * Math.sqrt(xx * yy)) {
            return;
        }
        double angle = 0.5 * Math.atan2(2 * xy, xx - yy);
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        for (int i = 0; i < x.length; i++) {
            double before = x[i];
            x[i] = cos * before + sin * y[i];
            y[i] = cos * y[i] - sin * before;
        }
    }

    static double length(double[] x) {
        return distance(x, new double[x.length]);
    }

    static double[] singularValues(double[][] matrix) {
        return Arrays.stream(scaledLeftVectors(matrix))
                .mapToDouble(Plain::length)
                .toArray();
    }
}
