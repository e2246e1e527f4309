package org.layerwise.training;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Errors of a model on single rows. */
public final class RowErrors {

    private RowErrors() {}

    /** Returns the cross-entropy of one row in double precision: minus the logarithm of the label's probability. */
    public static double crossEntropy(float[] logits, int label) {
        double highest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            highest = Math.max(highest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - highest);
        }
        return Math.log(sum) + highest - logits[label];
    }

    /**
     * Returns the rows with the largest errors, in descending order; rows whose error is NaN come first.
     *
     * @param most maximum number of rows
     */
    public static int[] worst(double[] errors, int most) {
        return IntStream.range(0, errors.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(row -> errors[row]).reversed()) // NaN is above infinity
                .limit(most)
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
