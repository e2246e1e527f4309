package org.layerwise.run.uncertainty;

import java.util.Optional;
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
 * @param interval 95 % interval of the difference; null for accuracies, and if there is a reason against it
 * @param draws number of bootstrap draws of the rows; 0 for accuracies, and if there is a reason against an interval
 * @param missing reason why there is no interval, in words for users; empty if there is one, or McNemar's test
 */
public record PairedTest(
        double difference,
        int rows,
        @Nullable McNemar mcNemar,
        @Nullable Interval interval,
        int draws,
        String missing) {

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
            return new PairedTest(difference, first.rows(), McNemar.of(first.right(), second.right()), null, 0, "");
        }
        Optional<String> reason = IntervalRule.againstDifference(metric, first, second);
        if (reason.isPresent()) {
            return new PairedTest(difference, first.rows(), null, null, 0, MetricIntervals.NONE + reason.get());
        }
        return ofDraws(metric, first, second, difference, progress);
    }

    private static PairedTest ofDraws(
            String metric, RowMetrics first, RowMetrics second, double difference, Progress progress) {
        ToDoubleFunction<int[]> ofFirst = first.metric(metric);
        ToDoubleFunction<int[]> ofSecond = second.metric(metric);
        int draws = MetricIntervals.draws(first.rows());
        double[] replicates = new PairedBootstrap(first.rows(), 1, draws, MetricIntervals.SEED)
                .replicates((training, drawn) -> {
                    progress.check();
                    return ofSecond.applyAsDouble(drawn) - ofFirst.applyAsDouble(drawn);
                });
        Interval interval = PairedBootstrap.interval(replicates, MetricIntervals.LEVEL);
        return new PairedTest(
                difference,
                first.rows(),
                null,
                interval,
                draws,
                interval != null
                        ? ""
                        : MetricIntervals.NONE
                                + "of more than %s %% of the draws of the rows, the metric has no value"
                                        .formatted(Math.round(100 * PairedBootstrap.MOST_WITHOUT_VALUE)));
    }
}
