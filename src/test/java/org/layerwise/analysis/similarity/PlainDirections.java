package org.layerwise.analysis.similarity;

import java.util.Arrays;

/** Measures from vectors and their singular directions, by their definitions in plain loops. */
final class PlainDirections {

    private PlainDirections() {}

    static double cosine(double[][] x, double[][] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double product = 0;
            for (int j = 0; j < x[i].length; j++) {
                product += x[i][j] * y[i][j];
            }
            sum += product / (Plain.length(x[i]) * Plain.length(y[i]));
        }
        return sum / x.length;
    }

    static double procrustes(double[][] x, double[][] y) {
        double[][] left = Plain.centred(x);
        double[][] right = Plain.centred(y);
        double nuclear = Arrays.stream(Plain.singularValues(Plain.times(Plain.transposed(left), right)))
                .sum();
        return nuclear / (Plain.norm(left) * Plain.norm(right));
    }

    static double svcca(double[][] x, double[][] y, double share) {
        double[][] left = kept(x, share);
        double[][] right = kept(y, share);
        double[] correlations = Plain.singularValues(Plain.times(left, Plain.transposed(right)));
        int count = Math.min(left.length, right.length);
        return Arrays.stream(correlations).limit(count).sum() / count;
    }

    static double pwcca(double[][] x, double[][] y, double share) {
        double[][] left = kept(x, share);
        double[][] right = kept(y, share);
        double[][] vectors = Plain.scaledLeftVectors(Plain.times(left, Plain.transposed(right)));
        double[][] features = Plain.transposed(Plain.centred(x));
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            double correlation = Plain.length(vectors[i]);
            double weight = 0;
            for (double[] feature : features) {
                double product = 0;
                for (int row = 0; row < feature.length; row++) {
                    for (int k = 0; k < left.length; k++) {
                        product += vectors[i][k] / correlation * left[k][row] * feature[row];
                    }
                }
                weight += Math.abs(product);
            }
            sum += weight * correlation;
            weights += weight;
        }
        return sum / weights;
    }

    /** The first left singular vectors in rows, at length 1. */
    private static double[][] kept(double[][] x, double share) {
        double[][] vectors = Plain.scaledLeftVectors(Plain.centred(x));
        double total = Arrays.stream(vectors)
                .mapToDouble(v -> Math.pow(Plain.length(v), 2))
                .sum();
        double sum = 0;
        int count = 0;
        while (count < vectors.length && sum < share * total * (1 - 1e-12)) {
            double length = Plain.length(vectors[count]);
            sum += length * length;
            for (int i = 0; i < vectors[count].length; i++) {
                vectors[count][i] /= length;
            }
            count++;
        }
        return Arrays.copyOf(vectors, count);
    }
}
