package org.layerwise.run.uncertainty;

import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.McNemar;
import org.layerwise.analysis.uncertainty.PairedBootstrap;
import org.layerwise.base.Progress;

/**
 * Comparison of one metric of two models on the same rows: McNemar's exact test for accuracy, a paired bootstrap of the
 * rows for the other metrics. It accounts for the choice of the rows, but not for other seeds or trainings.
 *
 * @param difference metric of the second model minus that of the first
 * @param rows number of rows
 * @param mcNemar test of accuracies; null for other metrics
 * @param interval 95 % interval of the difference; null for accuracies, and if the metric has no value in too many
 *     draws
 * @param draws number of bootstrap draws of the rows; 0 for accuracies
 */
public record PairedTest(
        double difference, int rows, @Nullable McNemar mcNemar, @Nullable Interval interval, int draws) {

    /**
     * Compares two models. The same rows give the same result on every machine.
     *
     * @throws IllegalArgumentException if the numbers of rows differ, or the metric cannot be computed from the rows
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    public static PairedTest of(String metric, RowMetrics first, RowMetrics second, Progress progress) {
        if (first.rows() != second.rows() || !first.canCompute(metric) || !second.canCompute(metric)) {
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

    /** Returns the reason why there is no interval, in words for users; empty if there is one, or McNemar's test. */
    public String missing() {
        return interval != null || mcNemar != null
                ? ""
                : "no interval: of more than %s %% of the draws of the rows, the metric has no value"
                        .formatted(Math.round(100 * PairedBootstrap.MOST_WITHOUT_VALUE));
    }

    /** Returns true if the models differ by more than the choice of the rows explains, at the 5 % level. */
    public boolean differs() {
        return mcNemar != null
                ? mcNemar.p() < 1 - MetricIntervals.LEVEL
                : interval != null && (interval.low() > 0 || interval.high() < 0);
    }
}
