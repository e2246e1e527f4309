package org.layerwise.analysis.uncertainty;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.layerwise.analysis.Grams;

/**
 * Hidden states as a transformer's residual stream has them: each is the one before it and something new, with a spectrum
 * that falls off, more dimensions than samples, and some examples larger than others.
 */
final class GaussianLayers {

    private final int d;
    private final double[] change;
    private final double[][][] maps;

    /** @param change how much each layer adds, relative to its input */
    GaussianLayers(int d, double... change) {
        this.d = d;
        this.change = change;
        Random random = new Random(3);
        this.maps = new double[change.length][d][d];
        for (double[][] map : maps) {
            for (double[] row : map) {
                for (int j = 0; j < d; j++) {
                    row[j] = random.nextGaussian() / Math.sqrt(d);
                }
            }
        }
    }

    /** {@code [layers + 1][n][d]}. */
    double[][][] sample(int n, Random random) {
        double[][][] states = new double[change.length + 1][n][d];
        for (int i = 0; i < n; i++) {
            double scale = Math.exp(0.3 * random.nextGaussian());
            for (int j = 0; j < d; j++) {
                states[0][i][j] = scale * random.nextGaussian() / Math.sqrt(1 + j);
            }
            for (int layer = 0; layer < change.length; layer++) {
                for (int j = 0; j < d; j++) {
                    double mapped = ArrayStatistics.dot(maps[layer][j], states[layer][i]);
                    states[layer + 1][i][j] = states[layer][i][j] + change[layer] * 2 * Math.tanh(2 * mapped);
                }
            }
        }
        return states;
    }

    Grams grams(int n, Random random) {
        List<double[]> grams = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (double[][] state : sample(n, random)) {
            grams.add(gram(state));
            reasons.add(null);
        }
        return new Grams(n, grams, reasons);
    }

    /** Of centred columns. */
    static double[] gram(double[][] x) {
        int n = x.length;
        int d = x[0].length;
        double[][] centred = new double[n][d];
        for (int j = 0; j < d; j++) {
            double mean = 0;
            for (double[] row : x) {
                mean += row[j] / n;
            }
            for (int i = 0; i < n; i++) {
                centred[i][j] = x[i][j] - mean;
            }
        }
        double[] gram = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                gram[i * n + j] = ArrayStatistics.dot(centred[i], centred[j]);
                gram[j * n + i] = gram[i * n + j];
            }
        }
        return gram;
    }
}
