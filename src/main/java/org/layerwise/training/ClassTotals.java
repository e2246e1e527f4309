package org.layerwise.training;

import java.util.stream.IntStream;

/**
 * Correct, labelled and predicted rows of each class, from which Matthews correlation and F1 follow. The amounts are
 * numbers of rows or shares of them; the metrics are the same for both.
 *
 * @param hits rows of each class that were predicted as this class
 * @param labelled rows of each class
 * @param predicted rows predicted as each class
 */
public record ClassTotals(double[] hits, double[] labelled, double[] predicted) {

    /** Counts the rows of the classes up to the largest one that occurs, from 0. */
    static ClassTotals of(int[] labels, int[] predictions) {
        int classes = 1
                + IntStream.concat(IntStream.of(labels), IntStream.of(predictions))
                        .max()
                        .orElse(0);
        return of(labels, predictions, classes);
    }

    /**
     * Counts the rows.
     *
     * @param classes number of classes; all labels and predictions are below it
     */
    public static ClassTotals of(int[] labels, int[] predictions, int classes) {
        if (labels.length != predictions.length) {
            throw new IllegalArgumentException(
                    "%s labels but %s predictions".formatted(labels.length, predictions.length));
        }
        ClassTotals totals = new ClassTotals(new double[classes], new double[classes], new double[classes]);
        for (int i = 0; i < labels.length; i++) {
            totals.add(labels[i], predictions[i], 1);
        }
        return totals;
    }

    /** Adds an amount of rows of one class that were predicted as this or another class. */
    public void add(int label, int prediction, double amount) {
        hits[label] += label == prediction ? amount : 0;
        labelled[label] += amount;
        predicted[prediction] += amount;
    }

    /** Returns the Matthews correlation coefficient for any number of classes (Gorodkin 2004); 0 if it is undefined. */
    public double matthews() {
        double rows = 0;
        double correct = 0;
        double products = 0;
        double predictionSquares = 0;
        double labelSquares = 0;
        for (int k = 0; k < hits.length; k++) {
            rows += labelled[k];
            correct += hits[k];
            products += labelled[k] * predicted[k];
            predictionSquares += predicted[k] * predicted[k];
            labelSquares += labelled[k] * labelled[k];
        }
        double denominator = Math.sqrt((rows * rows - predictionSquares) * (rows * rows - labelSquares));
        return denominator > 0 ? (correct * rows - products) / denominator : 0;
    }

    /** Returns the F1 score of class 1 against class 0; 0 if there is neither a label nor a prediction of class 1. */
    public double binaryF1() {
        return hits.length < 2 ? 0 : f1(1);
    }

    /** Returns the mean F1 score of the classes that occur among labels or predictions. */
    public double macroF1() {
        return IntStream.range(0, hits.length)
                .filter(k -> labelled[k] + predicted[k] > 0)
                .mapToDouble(this::f1)
                .average()
                .orElse(0);
    }

    private double f1(int k) {
        double both = labelled[k] + predicted[k];
        return both == 0 ? 0 : 2 * hits[k] / both;
    }
}
