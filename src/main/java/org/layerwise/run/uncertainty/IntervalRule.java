package org.layerwise.run.uncertainty;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.layerwise.training.ClassTotals;
import org.layerwise.training.Evaluation;

/** Conditions for an interval of a metric: the metric is defined, and the rows are enough for the method. */
final class IntervalRule {

    /** Minimum number of rows, except for accuracy. */
    static final int FEWEST_ROWS = 16;

    /** Minimum ratio of rows to the square of the number of classes, the cells of their confusion matrix. */
    private static final int FEWEST_OF_SQUARE = 2;

    /** Minimum number of rows of each class. */
    static final int FEWEST_OF_CLASS = 2;

    /** Minimum number of wrong rows of a classifier: its mean loss depends on few large losses. */
    static final int FEWEST_WRONG = 5;

    /** Minimum number of rows with different predictions or losses, for an interval of the difference of classifiers. */
    static final int FEWEST_DIFFERENT = 5;

    /** Maximum number of classes for which the intervals were seen to hold the true value often enough. */
    private static final int MOST_CLASSES = 20;

    private IntervalRule() {}

    /** Returns the reason against an interval in a few words; empty if there is an interval. */
    static Optional<String> against(String metric, RowMetrics rows) {
        return switch (metric) {
            case RowMetrics.ACCURACY -> Optional.empty();
            case RowMetrics.MATTHEWS, RowMetrics.F1 -> againstClasses(metric, rows);
            case Evaluation.LOSS, RowMetrics.PERPLEXITY -> againstLoss(rows);
            default -> undefined(rows, "are equal").or(() -> fewer(rows.rows(), FEWEST_ROWS, "rows"));
        };
    }

    /**
     * Returns the reason against an interval of the difference of two models; empty if there is an interval. Each of
     * them must have one for itself.
     */
    static Optional<String> againstDifference(String metric, RowMetrics first, RowMetrics second) {
        return against(metric, first)
                .or(() -> against(metric, second))
                .or(() -> first.outputs() < 2
                        ? Optional.empty()
                        : switch (metric) {
                            case RowMetrics.MATTHEWS, RowMetrics.F1 ->
                                fewerDifferent(first.predicted(), second.predicted(), "predictions");
                            default -> fewerDifferent(first.losses(), second.losses(), "losses");
                        });
    }

    private static Optional<String> fewerDifferent(double[] first, double[] second, String what) {
        int different = (int) IntStream.range(0, first.length)
                .filter(row -> first[row] != second[row])
                .count();
        return fewer(different, FEWEST_DIFFERENT, "rows with different " + what);
    }

    private static Optional<String> againstClasses(String metric, RowMetrics rows) {
        if (rows.outputs() < 2 || rows.outputs() > MOST_CLASSES) {
            return Optional.of("not 2 to %s classes".formatted(MOST_CLASSES));
        }
        int[] all = rows.all();
        ClassTotals totals = ClassTotals.of(rows.labels(all), rows.predicted(all), rows.outputs());
        Optional<String> undefined =
                metric.equals(RowMetrics.MATTHEWS) ? undefined(rows, "are of one class") : Optional.empty();
        if (undefined.isPresent()) {
            return undefined;
        }
        if (rows.outputs() == 2 && totals.labelled()[1] + totals.predicted()[1] == 0) {
            return Optional.of("undefined, no label or prediction is of the second class");
        }
        int ofRarest = (int) Arrays.stream(totals.labelled()).min().orElse(0);
        return fewerForClasses(rows).or(() -> fewer(ofRarest, FEWEST_OF_CLASS, "rows of a class"));
    }

    private static Optional<String> fewerForClasses(RowMetrics rows) {
        int fewest = FEWEST_OF_SQUARE * rows.outputs() * rows.outputs();
        return fewest > FEWEST_ROWS
                ? fewer(rows.rows(), fewest, "rows for %s classes".formatted(rows.outputs()))
                : fewer(rows.rows(), FEWEST_ROWS, "rows");
    }

    private static Optional<String> againstLoss(RowMetrics rows) {
        Optional<String> few = fewer(rows.learnt().length, FEWEST_ROWS, "rows");
        if (few.isPresent() || rows.outputs() < 2) {
            return few;
        }
        return fewer(rows.labels().length - rows.rightRows(), FEWEST_WRONG, "wrong rows");
    }

    private static Optional<String> undefined(RowMetrics rows, String how) {
        return constant(rows.labels())
                ? Optional.of("undefined, all labels " + how)
                : constant(rows.predicted()) ? Optional.of("undefined, all predictions " + how) : Optional.empty();
    }

    private static Optional<String> fewer(int count, int fewest, String what) {
        return count < fewest ? Optional.of("fewer than %s %s".formatted(fewest, what)) : Optional.empty();
    }

    private static boolean constant(double[] values) {
        return Arrays.stream(values).distinct().limit(2).count() < 2;
    }
}
