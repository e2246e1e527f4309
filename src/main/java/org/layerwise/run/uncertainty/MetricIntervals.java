package org.layerwise.run.uncertainty;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.PairedBootstrap;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.generation.answer.CorrectShare;
import org.layerwise.training.ClassTotals;
import org.layerwise.training.Evaluation;

/**
 * 95 % intervals of the metrics of one evaluation, by a method for each kind of metric ({@link #METHODS}). They show
 * the variation of a metric over other rows of the same kind, but not over other seeds of the training. A metric has no
 * interval where none is known to hold the true value about as often as it says; the test {@code MetricCoverageTest}
 * simulates how often.
 *
 * @param byMetric intervals by the metric's name, without metrics that have no interval
 * @param without reasons in a few words why a metric has no interval, by its name
 */
public record MetricIntervals(Map<String, Interval> byMetric, Map<String, String> without) {

    /** Confidence level of all intervals. */
    public static final double LEVEL = 0.95;

    /** Methods of the intervals, in words for users. */
    public static final String METHODS =
            "Wilson's for accuracy, the posterior of the confusion matrix for matthews and f1, Hall's t interval for loss and perplexity, a bootstrap of the rows for pearson and spearman";

    /** Words before the reason why there is no interval. */
    static final String NONE = "no interval: ";

    private static final List<String> OF_CLASSES = List.of(RowMetrics.MATTHEWS, RowMetrics.F1);

    private static final int MOST_DRAWS = 1000;
    private static final int LEAST_DRAWS = 200;

    /** Maximum number of rows in all draws together, which take about one second per metric. */
    private static final long MOST_ROWS = 20_000_000;

    static final long SEED = 42;

    public MetricIntervals {
        byMetric = Collections.unmodifiableMap(new LinkedHashMap<>(byMetric));
        without = Collections.unmodifiableMap(new LinkedHashMap<>(without));
    }

    /**
     * Computes the intervals. The same rows give the same intervals on every machine.
     *
     * @param metrics names of the metrics; a metric that cannot be computed from the rows is left out
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    public static MetricIntervals of(RowMetrics rows, Collection<String> metrics, Progress progress) {
        Map<String, Interval> intervals = new LinkedHashMap<>();
        Map<String, String> without = new LinkedHashMap<>();
        List<ClassTotals> matrices = matrices(rows, metrics, progress);
        for (String metric : metrics) {
            if (rows.rows() > 0 && rows.canCompute(metric)) {
                Optional<String> reason = IntervalRule.against(metric, rows);
                Interval interval = reason.isPresent() ? null : interval(metric, rows, matrices, progress);
                if (interval != null && Double.isFinite(interval.low()) && Double.isFinite(interval.high())) {
                    intervals.put(metric, interval);
                } else {
                    without.put(metric, reason.orElse("no finite ends"));
                }
            }
        }
        return new MetricIntervals(intervals, without);
    }

    /** Returns matrices from the posterior, from which all metrics of classes follow; empty if none has an interval. */
    private static List<ClassTotals> matrices(RowMetrics rows, Collection<String> metrics, Progress progress) {
        int[] all = rows.all();
        return metrics.stream()
                        .anyMatch(metric -> OF_CLASSES.contains(metric)
                                && rows.canCompute(metric)
                                && IntervalRule.against(metric, rows).isEmpty())
                ? new ConfusionPosterior(rows.labels(all), rows.predicted(all), rows.outputs(), SEED).draws(progress)
                : List.of();
    }

    private static @Nullable Interval interval(
            String metric, RowMetrics rows, List<ClassTotals> matrices, Progress progress) {
        return switch (metric) {
            case RowMetrics.ACCURACY -> ofAccuracy(rows.rightRows(), rows.rows());
            case RowMetrics.MATTHEWS -> posterior(rows, metric, matrices, ClassTotals::matthews);
            case RowMetrics.F1 ->
                posterior(rows, metric, matrices, rows.outputs() == 2 ? ClassTotals::binaryF1 : ClassTotals::macroF1);
            case Evaluation.LOSS -> ofLoss(rows);
            case RowMetrics.PERPLEXITY -> {
                Interval loss = ofLoss(rows);
                yield new Interval(Math.exp(loss.low()), Math.exp(loss.high()));
            }
            default -> bootstrap(rows, metric, progress);
        };
    }

    /** Returns the quantiles of the posterior, extended to the metric of the rows, which is 1 if no row is wrong. */
    private static Interval posterior(
            RowMetrics rows, String metric, List<ClassTotals> matrices, ToDoubleFunction<ClassTotals> value) {
        Interval drawn = Objects.requireNonNull(
                PairedBootstrap.interval(matrices.stream().mapToDouble(value).toArray(), LEVEL)); // all have a value
        double here = rows.metric(metric, rows.all());
        return new Interval(Math.min(here, drawn.low()), Math.max(here, drawn.high()));
    }

    private static Interval ofLoss(RowMetrics rows) {
        int[] learnt = rows.learnt();
        return MeanInterval.of(
                IntStream.of(learnt).mapToDouble(row -> rows.losses()[row]).toArray(),
                IntStream.of(learnt).mapToDouble(row -> rows.weights()[row]).toArray());
    }

    private static @Nullable Interval bootstrap(RowMetrics rows, String metric, Progress progress) {
        ToDoubleFunction<int[]> value = rows.metric(metric);
        double[] replicates = new PairedBootstrap(rows.rows(), 1, draws(rows.rows()), SEED)
                .replicates((training, drawn) -> {
                    progress.check();
                    return value.applyAsDouble(drawn);
                });
        return PairedBootstrap.interval(replicates, LEVEL);
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
        MetricIntervals found = of(rows, names, progress);
        return evaluation.withIntervals(found.byMetric(), found.without());
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

    /**
     * Returns the interval of a metric, or of the loss, of a stored evaluation in words: both ends, or "no interval"
     * and the reason; empty if neither is known.
     *
     * @param number words for an end
     */
    public static Optional<String> words(String metric, Evaluation evaluation, DoubleFunction<String> number) {
        return of(metric, evaluation)
                .map(interval -> "%s to %s".formatted(number.apply(interval.low()), number.apply(interval.high())))
                .or(() -> without(metric, evaluation));
    }

    /** Returns "no interval" and the reason why a metric of a stored evaluation has no interval; empty if unknown. */
    public static Optional<String> without(String metric, Evaluation evaluation) {
        return Optional.ofNullable(evaluation.withoutInterval().get(metric)).map(NONE::concat);
    }

    private static Interval ofAccuracy(long right, int rows) {
        CorrectShare share = new CorrectShare(right, rows);
        return new Interval(share.low(), share.high());
    }

    /**
     * Adds {@code NAME_low} and {@code NAME_high} of each metric, {@code intervals} with the {@link #note}, and {@code
     * no_intervals} with the reasons of metrics without an interval.
     */
    public void put(ObjectNode json) {
        byMetric.forEach((name, interval) -> {
            json.put(name + "_low", interval.low());
            json.put(name + "_high", interval.high());
        });
        json.put("intervals", note());
        if (!without.isEmpty()) {
            json.set("no_intervals", Json.tree(without));
        }
    }

    /** Returns a sentence for users about the methods and the scope of the intervals. */
    public static String note() {
        return "95 %% intervals: %s. They cover the choice of rows, not another seed or another training."
                .formatted(METHODS);
    }
}
