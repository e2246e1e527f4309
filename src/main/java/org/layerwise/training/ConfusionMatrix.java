package org.layerwise.training;

import java.util.Arrays;

/** How often rows of each class were taken for each class, and the scores of the classes that follow from it. */
public final class ConfusionMatrix {

    private final long[][] counts;

    private ConfusionMatrix(long[][] counts) {
        this.counts = counts;
    }

    /**
     * Counts.
     *
     * @param labels class of each row, from 0
     * @param predictions the class that it was taken for
     * @param classes the number of classes; all numbers are below it
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

    /** The number of classes. */
    public int classes() {
        return counts.length;
    }

    /** Rows of the class {@code label} that were taken for {@code prediction}. */
    public long count(int label, int prediction) {
        return counts[label][prediction];
    }

    /** Rows of a class. */
    public long support(int label) {
        return Arrays.stream(counts[label]).sum();
    }

    /** Rows that were taken for a class. */
    public long predicted(int prediction) {
        return Arrays.stream(counts).mapToLong(row -> row[prediction]).sum();
    }

    /** The share of the rows taken for a class that are of it; 0 where there are none, as in scikit-learn. */
    public double precision(int of) {
        return share(counts[of][of], predicted(of));
    }

    /** The share of the rows of a class that were taken for it; 0 where there are none. */
    public double recall(int of) {
        return share(counts[of][of], support(of));
    }

    /** The harmonic mean of precision and recall; 0 where there is neither a row of the class nor one taken for it. */
    public double f1(int of) {
        return share(2 * counts[of][of], predicted(of) + support(of));
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
