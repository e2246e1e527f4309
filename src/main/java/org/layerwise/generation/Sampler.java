package org.layerwise.generation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Samples a token with temperature and then top-p, as transformers' {@code TemperatureLogitsWarper} and
 * {@code TopPLogitsWarper} do.
 */
record Sampler(double temperature, double topP) {

    /**
     * Samples one of {@code vocabulary} tokens.
     *
     * @param logits logits of several rows, {@code [rows, vocabulary]}
     * @param row index of the row to sample for
     */
    int draw(float[] logits, int row, int vocabulary, SplittableRandom random) {
        double[] probabilities = probabilities(Arrays.copyOfRange(logits, row * vocabulary, (row + 1) * vocabulary));
        double left = random.nextDouble();
        int last = 0;
        for (int token = 0; token < vocabulary; token++) {
            if (probabilities[token] > 0) {
                left -= probabilities[token];
                last = token;
                if (left < 0) {
                    return token;
                }
            }
        }
        // rounding errors may leave a small remainder
        return last;
    }

    /** Returns the probability of each token; 0 for tokens outside of the top-p set. */
    double[] probabilities(float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double[] weights = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            weights[i] = Math.exp((logits[i] - largest) / temperature);
            sum += weights[i];
        }
        if (topP < 1) {
            sum = keepLikeliest(weights, sum);
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    /** Sets the weights outside of the top-p set to zero and returns the sum of the others. */
    private double keepLikeliest(double[] weights, double sum) {
        // all weights below this limit together are less than what top-p leaves out, so they need not be sorted
        double negligible = (1 - topP) * sum / weights.length;
        int[] likeliest = IntStream.range(0, weights.length)
                .filter(i -> weights[i] > negligible)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -weights[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        boolean[] kept = new boolean[weights.length];
        double keptSum = 0;
        for (int i = 0; i < likeliest.length && keptSum < topP * sum; i++) {
            kept[likeliest[i]] = true;
            keptSum += weights[likeliest[i]];
        }
        for (int i = 0; i < weights.length; i++) {
            if (!kept[i]) {
                weights[i] = 0;
            }
        }
        return keptSum;
    }
}
