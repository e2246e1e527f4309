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

    /** Near 1 from the distance that is left after the best rotation, since an arc cosine has half of the digits there. */
    static double angularProcrustes(double[][] x, double[][] y) {
        double cosine = procrustes(x, y);
        double angle = cosine < 0.9 ? Math.acos(cosine) : 2 * Math.asin(procrustesDistance(x, y) / 2);
        return 1 - angle / (Math.PI / 2);
    }

    private static double procrustesDistance(double[][] x, double[][] y) {
        double[][] left = Plain.centred(x);
        double[][] right = Plain.centred(y);
        double[][] product = Plain.times(Plain.transposed(left), right);
        double[][] vectors = Plain.scaledLeftVectors(product);
        double[][] rotation = new double[product.length][product[0].length];
        for (double[] vector : vectors) {
            double value = Plain.length(vector);
            if (value > 1e-12 * Plain.length(vectors[0])) {
                double[][] other = Plain.times(new double[][] {vector}, product);
                for (int i = 0; i < rotation.length; i++) {
                    for (int j = 0; j < rotation[i].length; j++) {
                        rotation[i][j] += vector[i] / value * (other[0][j] / value / value);
                    }
                }
            }
        }
        double[][] rotated = Plain.times(left, rotation);
        double sum = 0;
        for (int i = 0; i < rotated.length; i++) {
            for (int j = 0; j < rotated[i].length; j++) {
                double difference = rotated[i][j] / Plain.norm(left) - right[i][j] / Plain.norm(right);
                sum += difference * difference;
            }
        }
        return Math.sqrt(sum);
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
