package org.layerwise.analysis.similarity;

import java.util.Arrays;

/** Measures from distances, by their definitions in plain loops. */
final class PlainKernels {

    private PlainKernels() {}

    static double rbfCka(double[][] x, double[][] y, double bandwidth) {
        double[][] k = kernel(x, bandwidth);
        double[][] l = kernel(y, bandwidth);
        return hsic(k, l) / Math.sqrt(hsic(k, k) * hsic(l, l));
    }

    private static double[][] kernel(double[][] x, double bandwidth) {
        double[] distances = distances(x);
        double[] sorted = distances.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        double median = sorted.length % 2 == 0 ? (sorted[half - 1] + sorted[half]) / 2 : sorted[half];
        double sigma = bandwidth * median;
        double[][] kernel = new double[x.length][x.length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x.length; j++) {
                double distance = Plain.distance(x[i], x[j]);
                kernel[i][j] = Math.exp(-distance * distance / (2 * sigma * sigma));
            }
        }
        return kernel;
    }

    /** {@code tr(K H L H)} with the centring matrix H written out. */
    private static double hsic(double[][] k, double[][] l) {
        int n = k.length;
        double[][] h = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                h[i][j] = (i == j ? 1 : 0) - 1.0 / n;
            }
        }
        double[][] product = Plain.times(Plain.times(k, h), Plain.times(l, h));
        double trace = 0;
        for (int i = 0; i < n; i++) {
            trace += product[i][i];
        }
        return trace;
    }

    static double rsa(double[][] x, double[][] y) {
        double[] left = ranks(distances(x));
        double[] right = ranks(distances(y));
        double mean = (left.length + 1) / 2.0;
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < left.length; i++) {
            xy += (left[i] - mean) * (right[i] - mean);
            xx += (left[i] - mean) * (left[i] - mean);
            yy += (right[i] - mean) * (right[i] - mean);
        }
        return xy / Math.sqrt(xx * yy);
    }

    /** By its definition, with the sums over all pairs of rows. */
    static double distanceCorrelation(double[][] x, double[][] y) {
        double[][] a = centredDistances(x);
        double[][] b = centredDistances(y);
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                ab += a[i][j] * b[i][j];
                aa += a[i][j] * a[i][j];
                bb += b[i][j] * b[i][j];
            }
        }
        return Math.sqrt(Math.max(0, ab) / Math.sqrt(aa * bb));
    }

    private static double[][] centredDistances(double[][] x) {
        int n = x.length;
        double[][] distances = new double[n][n];
        double[] means = new double[n];
        double mean = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int k = 0; k < x[i].length; k++) {
                    sum += (x[i][k] - x[j][k]) * (x[i][k] - x[j][k]);
                }
                distances[i][j] = Math.sqrt(sum);
                means[i] += distances[i][j] / n;
                mean += distances[i][j] / n / n;
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                distances[i][j] += mean - means[i] - means[j];
            }
        }
        return distances;
    }

    /** By counting what is smaller and what is equal. */
    private static double[] ranks(double[] values) {
        double[] ranks = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int smaller = 0;
            int equal = 0;
            for (double value : values) {
                if (Math.abs(value - values[i]) < 1e-9) {
                    equal++;
                } else if (value < values[i]) {
                    smaller++;
                }
            }
            ranks[i] = smaller + (equal + 1) / 2.0;
        }
        return ranks;
    }

    private static double[] distances(double[][] x) {
        double[] distances = new double[x.length * (x.length - 1) / 2];
        int at = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = i + 1; j < x.length; j++) {
                distances[at++] = Plain.distance(x[i], x[j]);
            }
        }
        return distances;
    }
}
