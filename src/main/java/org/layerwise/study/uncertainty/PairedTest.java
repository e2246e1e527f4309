package org.layerwise.study.uncertainty;

import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.McNemar;
import org.layerwise.analysis.uncertainty.PairedBootstrap;
import org.layerwise.base.Progress;

/**
 * A comparison of one metric of two models on the same rows: McNemar's exact test for accuracy, a paired bootstrap of the rows for the
 * others. It tells what the choice of the rows explains, and nothing of another seed or training.
 *
 * @param difference the metric of the second less that of the first
 * @param rows the number of rows
 * @param mcNemar of accuracies; null for another metric
 * @param interval 95 % interval of the difference; null for accuracies
 * @param draws of the rows; 0 for accuracies
 */
public record PairedTest(
        double difference, int rows, @Nullable McNemar mcNemar, @Nullable Interval interval, int draws) {

    /**
     * Compares two models; the same rows give the same result on every machine.
     *
     * @throws IllegalArgumentException if the rows are not as many, or do not tell the metric
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    public static PairedTest of(String metric, RowMetrics first, RowMetrics second, Progress progress) {
        if (first.rows() != second.rows() || !first.tells(metric) || !second.tells(metric)) {
            throw new IllegalArgumentException("%s of %s and %s rows".formatted(metric, first.rows(), second.rows()));
        }
        int[] all = first.all();
        double difference = second.metric(metric, all) - first.metric(metric, all);
        if (metric.equals(RowMetrics.ACCURACY)) {
            return new PairedTest(difference, first.rows(), McNemar.of(first.right(), second.right()), null, 0);
        }
        ToDoubleFunction<int[]> ofFirst = first.metric(metric);
        ToDoubleFunction<int[]> ofSecond = second.metric(metric);
        int draws = MetricIntervals.draws(first.rows());
        double[] replicates = new PairedBootstrap(first.rows(), 1, draws, MetricIntervals.SEED)
                .replicates((training, drawn) -> {
                    progress.check();
                    return ofSecond.applyAsDouble(drawn) - ofFirst.applyAsDouble(drawn);
                });
        return new PairedTest(
                difference, first.rows(), null, PairedBootstrap.interval(replicates, MetricIntervals.LEVEL), draws);
    }

    /** Returns true if the two differ by more than the choice of the rows explains, at the level of 5 %. */
    public boolean differs() {
        return mcNemar != null
                ? mcNemar.p() < 1 - MetricIntervals.LEVEL
                : interval != null && (interval.low() > 0 || interval.high() < 0);
    }
}
