package org.layerwise.run.uncertainty;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.layerwise.base.RankedRows;
import org.layerwise.training.Evaluation;
import org.layerwise.training.Evaluator;
import org.layerwise.training.Metrics;
import org.layerwise.training.Objective;
import org.layerwise.training.RowErrors;

/**
 * Outputs of a model for each row, from which the metrics of any subset of rows can be computed. The arrays are not
 * copied.
 *
 * @param labels labels by row; empty for a language model
 * @param predicted predictions by row; empty for a language model
 * @param outputs number of outputs of the model: the number of classes, or 1
 * @param losses losses by row; empty if unknown
 * @param weights weights of the rows' losses in their mean, as many as losses
 */
public record RowMetrics(double[] labels, double[] predicted, int outputs, double[] losses, double[] weights) {

    static final String ACCURACY = "accuracy";
    static final String MATTHEWS = "matthews";
    static final String F1 = "f1";
    static final String PERPLEXITY = "perplexity";
    private static final String SPEARMAN = "spearman";
    private static final List<String> OF_PREDICTIONS = List.of(ACCURACY, MATTHEWS, F1, "pearson", SPEARMAN);
    private static final double ROUNDING = 1e-3;
    private static final List<String> OF_LOSSES = List.of(Evaluation.LOSS, PERPLEXITY);

    /** Returns the outputs on which an evaluation is based. */
    public static RowMetrics of(Objective objective, Evaluator.Outcome outcome) {
        if (objective instanceof Objective.OfRows rows) {
            float[][] logits = outcome.logits();
            double[] labels = each(logits.length, row -> rows.label(row).doubleValue());
            double[] predicted =
                    each(logits.length, row -> rows.predicted(logits[row]).doubleValue());
            double[] losses = each(
                    logits.length,
                    row -> rows instanceof Objective.Classification
                            ? RowErrors.crossEntropy(logits[row], (int) labels[row])
                            : (logits[row][0] - labels[row]) * (logits[row][0] - labels[row]));
            return new RowMetrics(
                    labels,
                    predicted,
                    logits.length == 0 ? 0 : logits[0].length,
                    losses,
                    each(logits.length, row -> 1));
        }
        double[] losses = outcome.rowLosses();
        double[] weights = each(losses.length, row -> objective.weight(new int[] {row}));
        return new RowMetrics(new double[0], new double[0], 1, losses, weights);
    }

    public int rows() {
        return Math.max(labels.length, losses.length);
    }

    /**
     * Returns true if all values are finite, no loss is negative (apart from rounding), and, for a classifier, labels
     * and predictions are classes of the model.
     */
    public boolean usable() {
        boolean classes = outputs > 1;
        return finite(losses)
                && Arrays.stream(losses).allMatch(RowMetrics::isLoss)
                && finite(weights)
                && labels.length == predicted.length
                && (classes ? classes(labels) && classes(predicted) : finite(labels) && finite(predicted));
    }

    static boolean isLoss(double value) {
        return value > -ROUNDING;
    }

    private static boolean finite(double[] values) {
        return Arrays.stream(values).allMatch(Double::isFinite);
    }

    private boolean classes(double[] values) {
        return Arrays.stream(values).allMatch(value -> value >= 0 && value < outputs && value == Math.rint(value));
    }

    /** Returns the indices of all rows. */
    int[] all() {
        return IntStream.range(0, rows()).toArray();
    }

    /** Returns the indices of the rows whose loss counts, which are those with a weight. */
    int[] learnt() {
        return IntStream.range(0, losses.length).filter(row -> weights[row] > 0).toArray();
    }

    /** Returns the labels of rows as classes. */
    int[] labels(int[] rows) {
        return whole(labels, rows);
    }

    /** Returns the predictions of rows as classes. */
    int[] predicted(int[] rows) {
        return whole(predicted, rows);
    }

    /** Returns true if a metric with this name can be computed for a subset of rows. */
    public boolean canCompute(String metric) {
        return OF_PREDICTIONS.contains(metric) && labels.length > 0 || OF_LOSSES.contains(metric) && losses.length > 0;
    }

    /** Returns, for classes, an array that is true for each row with a correct prediction. */
    public boolean[] right() {
        boolean[] right = new boolean[labels.length];
        for (int row = 0; row < right.length; row++) {
            right[row] = labels[row] == predicted[row];
        }
        return right;
    }

    /** Returns, for classes, the number of rows with a correct prediction. */
    int rightRows() {
        return (int) IntStream.range(0, labels.length)
                .filter(row -> labels[row] == predicted[row])
                .count();
    }

    /** Returns a metric of certain rows. A row that occurs several times counts several times. */
    public double metric(String name, int[] rows) {
        return metric(name).applyAsDouble(rows);
    }

    /**
     * Returns a metric as a function of rows. A row that occurs several times counts several times. The function is
     * efficient for many subsets, since ranks are sorted only once.
     */
    public ToDoubleFunction<int[]> metric(String name) {
        if (name.equals(SPEARMAN)) {
            RankedRows label = new RankedRows(labels);
            RankedRows prediction = new RankedRows(predicted);
            return rows -> Metrics.pearson(label.ranks(rows), prediction.ranks(rows));
        }
        return rows -> byValues(name, rows);
    }

    private double byValues(String name, int[] rows) {
        return switch (name) {
            case ACCURACY -> Metrics.accuracy(labels(rows), predicted(rows));
            case MATTHEWS -> Metrics.matthews(labels(rows), predicted(rows));
            case F1 ->
                outputs == 2
                        ? Metrics.binaryF1(labels(rows), predicted(rows))
                        : Metrics.macroF1(labels(rows), predicted(rows));
            case "pearson" -> Metrics.pearson(pick(labels, rows), pick(predicted, rows));
            case Evaluation.LOSS -> loss(rows);
            case PERPLEXITY -> Math.exp(loss(rows));
            default -> throw new IllegalArgumentException("no metric of rows: " + name);
        };
    }

    private double loss(int[] rows) {
        double sum = 0;
        double weight = 0;
        for (int row : rows) {
            sum += losses[row] * weights[row];
            weight += weights[row];
        }
        return sum / weight;
    }

    private static double[] each(int rows, IntToDoubleFunction value) {
        return IntStream.range(0, rows).mapToDouble(value).toArray();
    }

    private static double[] pick(double[] values, int[] rows) {
        return Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
    }

    private static int[] whole(double[] values, int[] rows) {
        return Arrays.stream(rows).map(row -> (int) values[row]).toArray();
    }
}
