package org.layerwise.generation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Draws a token: by temperature, then of the fewest likeliest ones that make up top-p, as transformers'
 * {@code TemperatureLogitsWarper} and {@code TopPLogitsWarper} do.
 */
final class Sampler {

    private final double temperature;
    private final double topP;

    Sampler(double temperature, double topP) {
        this.temperature = temperature;
        this.topP = topP;
    }

    /**
     * Draws one of {@code vocabulary} tokens.
     *
     * @param logits of several rows, {@code [rows, vocabulary]}
     * @param row whose logits count
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
        // rounding may leave a trace of the draw
        return last;
    }

    /** What each token is drawn with; 0 for those that are left out. */
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

    /** Sets the others to zero and gives what is left. */
    private double keepLikeliest(double[] weights, double sum) {
        // all below this together are less than what may be left out: they need not be sorted
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
