package org.layerwise.run.uncertainty;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.PairedBootstrap;
import org.layerwise.base.Progress;
import org.layerwise.generation.answer.CorrectShare;
import org.layerwise.training.Evaluation;

/**
 * 95 % intervals of the metrics of one evaluation: Wilson's interval for accuracy, percentiles of a bootstrap over the
 * rows for the others. They show the variation of a metric over other rows of the same kind, but not over other seeds
 * of the training.
 *
 * @param byMetric intervals by the metric's name, without metrics that have no interval
 * @param draws number of bootstrap draws of the rows
 */
public record MetricIntervals(Map<String, Interval> byMetric, int draws) {

    /** Confidence level of all intervals. */
    public static final double LEVEL = 0.95;

    private static final int MOST_DRAWS = 1000;
    private static final int LEAST_DRAWS = 200;

    /** Maximum number of rows in all draws together, which take about one second per metric. */
    private static final long MOST_ROWS = 20_000_000;

    static final long SEED = 42;

    public MetricIntervals {
        byMetric = Collections.unmodifiableMap(new LinkedHashMap<>(byMetric));
    }

    /**
     * Computes the intervals. The same rows give the same intervals on every machine.
     *
     * @param metrics names of the metrics; a metric that cannot be computed from the rows is left out
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    public static MetricIntervals of(RowMetrics rows, Collection<String> metrics, Progress progress) {
        int count = rows.rows();
        int draws = draws(count);
        Map<String, Interval> intervals = new LinkedHashMap<>();
        if (count > 1) {
            for (String metric : metrics) {
                if (metric.equals(RowMetrics.ACCURACY) && rows.canCompute(metric)) {
                    intervals.put(metric, ofAccuracy(right(rows.right()), count));
                } else if (rows.canCompute(metric)) {
                    bootstrap(rows, metric, draws, progress).ifPresent(interval -> intervals.put(metric, interval));
                }
            }
        }
        return new MetricIntervals(intervals, draws);
    }

    /** Returns the number of draws for a number of rows. */
    static int draws(int rows) {
        return (int) Math.max(LEAST_DRAWS, Math.min(MOST_DRAWS, MOST_ROWS / Math.max(1, rows)));
    }

    /** Returns an evaluation with the intervals of its loss and metrics added; those that are NaN have none. */
    public static Evaluation with(Evaluation evaluation, RowMetrics rows, Progress progress) {
        List<String> names = new ArrayList<>();
        evaluation.metrics().forEach((name, value) -> {
            if (!Double.isNaN(value)) {
                names.add(name);
            }
        });
        if (!Double.isNaN(evaluation.loss())) {
            names.add(Evaluation.LOSS);
        }
        return evaluation.withIntervals(of(rows, names, progress).byMetric());
    }

    /**
     * Returns the interval of an accuracy for a known number of rows.
     *
     * @param accuracy share of correct rows, 0 to 1
     */
    public static Interval ofAccuracy(double accuracy, int rows) {
        return ofAccuracy(Math.round(accuracy * rows), rows);
    }

    /**
     * Returns the interval of a metric, or of the loss, of a stored evaluation. For an evaluation without intervals, as
     * from an earlier version or a cluster, only the interval of the accuracy is known, which follows from the number
     * of rows.
     */
    public static Optional<Interval> of(String metric, Evaluation evaluation) {
        Interval known = evaluation.intervals().get(metric);
        if (known != null) {
            return Optional.of(known);
        }
        Double value = evaluation.metrics().get(metric);
        return metric.equals(RowMetrics.ACCURACY)
                        && value != null
                        && evaluation.samples() > 0
                        && value >= 0
                        && value <= 1
                ? Optional.of(ofAccuracy(value, evaluation.samples()))
                : Optional.empty();
    }

    private static Interval ofAccuracy(long right, int rows) {
        CorrectShare share = new CorrectShare(right, rows);
        return new Interval(share.low(), share.high());
    }

    private static Optional<Interval> bootstrap(RowMetrics rows, String metric, int draws, Progress progress) {
        ToDoubleFunction<int[]> value = rows.metric(metric);
        double[] replicates = new PairedBootstrap(rows.rows(), 1, draws, SEED).replicates((training, drawn) -> {
            progress.check();
            return value.applyAsDouble(drawn);
        });
        Interval interval = PairedBootstrap.interval(replicates, LEVEL);
        return interval != null && Double.isFinite(interval.low()) && Double.isFinite(interval.high())
                ? Optional.of(interval)
                : Optional.empty();
    }

    private static long right(boolean[] right) {
        long count = 0;
        for (boolean one : right) {
            count += one ? 1 : 0;
        }
        return count;
    }

    /** Adds {@code NAME_low} and {@code NAME_high} of each metric, and {@code intervals} with the {@link #note}. */
    public void put(ObjectNode json) {
        byMetric.forEach((name, interval) -> {
            json.put(name + "_low", interval.low());
            json.put(name + "_high", interval.high());
        });
        json.put("intervals", note());
    }

    /** Returns a sentence for users about the methods and the scope of the intervals. */
    public String note() {
        return "95 %% intervals: Wilson's for accuracy, percentiles of %s bootstrap draws of the rows for the other metrics. They cover the choice of rows, not another seed or another training."
                .formatted(draws);
    }
}
