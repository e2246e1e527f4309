package org.layerwise.analysis.uncertainty;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random draws of n examples as the number of times that each is drawn; a seed gives the same draws on every machine.
 */
final class BootstrapDraws {

    private final SplittableRandom random;
    private final int n;

    BootstrapDraws(int samples, long seed) {
        this.random = new SplittableRandom(seed);
        this.n = samples;
    }

    /** Returns {@code times} draws of n examples with replacement. */
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

    /** Returns {@code times} draws of {@code size} examples without replacement. */
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

    /** Returns the examples in random order (Fisher and Yates). */
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
