package org.layerwise.training;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.layerwise.base.RankedRows;

/** Metrics of agreement between labels and predictions, as scikit-learn and SciPy compute them. */
public final class Metrics {

    private Metrics() {}

    /** Returns the share of predictions that equal the label. */
    public static double accuracy(int[] labels, int[] predictions) {
        requireSameLength(labels.length, predictions.length);
        long correct = IntStream.range(0, labels.length)
                .filter(i -> labels[i] == predictions[i])
                .count();
        return labels.length == 0 ? 0 : (double) correct / labels.length;
    }

    /** Returns the Matthews correlation coefficient for any number of classes (Gorodkin 2004); 0 if it is undefined. */
    public static double matthews(int[] labels, int[] predictions) {
        return ClassTotals.of(labels, predictions).matthews();
    }

    /** Returns the F1 score of class 1 against class 0; 0 if there is neither a label nor a prediction of class 1. */
    public static double binaryF1(int[] labels, int[] predictions) {
        return ClassTotals.of(labels, predictions).binaryF1();
    }

    /** Returns the mean F1 score of the classes that occur among labels or predictions. */
    public static double macroF1(int[] labels, int[] predictions) {
        return ClassTotals.of(labels, predictions).macroF1();
    }

    /** Returns Pearson's correlation coefficient; 0 if one side does not vary. */
    public static double pearson(double[] labels, double[] predictions) {
        requireSameLength(labels.length, predictions.length);
        double meanLabel = Arrays.stream(labels).average().orElse(0);
        double meanPrediction = Arrays.stream(predictions).average().orElse(0);
        double product = 0;
        double labelSquares = 0;
        double predictionSquares = 0;
        for (int i = 0; i < labels.length; i++) {
            double x = labels[i] - meanLabel;
            double y = predictions[i] - meanPrediction;
            product += x * y;
            labelSquares += x * x;
            predictionSquares += y * y;
        }
        double denominator = Math.sqrt(labelSquares) * Math.sqrt(predictionSquares);
        return denominator == 0 ? 0 : Math.max(-1, Math.min(1, product / denominator)); // rounding may exceed 1
    }

    /** Returns Spearman's rank correlation coefficient, with mean ranks for ties. */
    public static double spearman(double[] labels, double[] predictions) {
        return pearson(RankedRows.ranks(labels), RankedRows.ranks(predictions));
    }

    private static void requireSameLength(int labels, int predictions) {
        if (labels != predictions) {
            throw new IllegalArgumentException("%s labels but %s predictions".formatted(labels, predictions));
        }
    }
}
