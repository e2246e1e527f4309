package org.layerwise.training;

import java.util.Arrays;

/**
 * Number of rows of each class that were predicted as each class, and the scores of the classes that follow from these
 * numbers.
 */
public final class ConfusionMatrix {

    private final long[][] counts;

    private ConfusionMatrix(long[][] counts) {
        this.counts = counts;
    }

    /**
     * Counts the rows.
     *
     * @param labels class of each row, from 0
     * @param predictions predicted class of each row
     * @param classes number of classes; all labels and predictions are below it
     */
    public static ConfusionMatrix of(int[] labels, int[] predictions, int classes) {
        if (labels.length != predictions.length) {
            throw new IllegalArgumentException(
                    "%s labels but %s predictions".formatted(labels.length, predictions.length));
        }
        long[][] counts = new long[classes][classes];
        for (int i = 0; i < labels.length; i++) {
            counts[labels[i]][predictions[i]]++;
        }
        return new ConfusionMatrix(counts);
    }

    /** Returns the number of classes. */
    public int classes() {
        return counts.length;
    }

    /** Returns a copy of all numbers of rows, by label and predicted class. */
    public long[][] counts() {
        return Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
    }

    /** Returns the number of rows of the class {@code label} that were predicted as {@code prediction}. */
    public long count(int label, int prediction) {
        return counts[label][prediction];
    }

    /** Returns the number of rows of a class. */
    public long support(int label) {
        return Arrays.stream(counts[label]).sum();
    }

    /** Returns the number of rows that were predicted as a class. */
    public long predicted(int prediction) {
        return Arrays.stream(counts).mapToLong(row -> row[prediction]).sum();
    }

    /**
     * Returns the share of rows of a class among those predicted as this class; 0 if there are none, as in
     * scikit-learn.
     */
    public double precision(int of) {
        return share(counts[of][of], predicted(of));
    }

    /** Returns the share of rows predicted as a class among the rows of this class; 0 if there are none. */
    public double recall(int of) {
        return share(counts[of][of], support(of));
    }

    /**
     * Returns the harmonic mean of precision and recall; 0 if no row belongs to the class and none was predicted as the
     * class.
     */
    public double f1(int of) {
        return share(2 * counts[of][of], predicted(of) + support(of));
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
