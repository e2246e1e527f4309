package org.layerwise.analysis.uncertainty;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** How often each of n examples is drawn; the same from the same seed on every machine. */
final class Draws {

    private final SplittableRandom random;
    private final int n;

    Draws(int samples, long seed) {
        this.random = new SplittableRandom(seed);
        this.n = samples;
    }

    /** n examples with replacement, so many times. */
    List<double[]> withReplacement(int times) {
        List<double[]> all = new ArrayList<>();
        for (int draw = 0; draw < times; draw++) {
            double[] weights = new double[n];
            for (int i = 0; i < n; i++) {
                weights[random.nextInt(n)]++;
            }
            all.add(weights);
        }
        return all;
    }

    /** Some of the examples, each at most once, so many times. */
    List<double[]> withoutReplacement(int size, int times) {
        List<double[]> all = new ArrayList<>();
        for (int draw = 0; draw < times; draw++) {
            double[] weights = new double[n];
            int[] order = permutation();
            for (int i = 0; i < size; i++) {
                weights[order[i]] = 1;
            }
            all.add(weights);
        }
        return all;
    }

    /** Every example once. */
    double[] every() {
        double[] weights = new double[n];
        Arrays.fill(weights, 1);
        return weights;
    }

    /** The examples in an order of their own (Fisher and Yates). */
    int[] permutation() {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return order;
    }
}
