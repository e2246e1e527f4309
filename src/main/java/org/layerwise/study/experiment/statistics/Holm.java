package org.layerwise.study.experiment.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Correction of p-values for several tests by Holm (Scandinavian Journal of Statistics 6(2), 1979). */
public final class Holm {

    private Holm() {}

    /**
     * Returns the adjusted p-values, in the order of the given ones. Rejecting the hypotheses whose adjusted p-value is
     * at most alpha rejects a true one with a probability of at most alpha, however the tests depend on each other.
     *
     * @param p p-values, 0 to 1; NaN for tests that could not be made, which are not counted and stay NaN
     */
    public static double[] adjusted(double[] p) {
        int[] ascending = IntStream.range(0, p.length)
                .filter(i -> !Double.isNaN(p[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] adjusted = new double[p.length];
        Arrays.fill(adjusted, Double.NaN);
        double highest = 0;
        for (int rank = 0; rank < ascending.length; rank++) {
            highest = Math.max(highest, Math.min(1, (ascending.length - rank) * p[ascending[rank]]));
            adjusted[ascending[rank]] = highest;
        }
        return adjusted;
    }
}
