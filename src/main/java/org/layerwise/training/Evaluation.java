package org.layerwise.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerwise.analysis.uncertainty.Interval;

/**
 * Quality of a model on some data.
 *
 * @param loss mean loss over rows
 * @param samples number of rows
 * @param metrics metrics of the task by name: accuracy, matthews, f1, or pearson, spearman
 * @param intervals 95 % intervals by the name of the metric, or {@link #LOSS}; unknown intervals are missing
 * @param withoutInterval reasons in a few words why a metric has no interval, by its name; unknown reasons are missing
 */
public record Evaluation(
        double loss,
        int samples,
        Map<String, Double> metrics,
        Map<String, Interval> intervals,
        Map<String, String> withoutInterval) {

    /** Key of the loss among the names of the metrics. */
    public static final String LOSS = "loss";

    public Evaluation {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        intervals = Collections.unmodifiableMap(new LinkedHashMap<>(intervals));
        withoutInterval = Collections.unmodifiableMap(new LinkedHashMap<>(withoutInterval));
    }

    /** Creates an evaluation without intervals. */
    public Evaluation(double loss, int samples, Map<String, Double> metrics) {
        this(loss, samples, metrics, Map.of());
    }

    /** Creates an evaluation of which no reason for a missing interval is known. */
    public Evaluation(double loss, int samples, Map<String, Double> metrics, Map<String, Interval> intervals) {
        this(loss, samples, metrics, intervals, Map.of());
    }

    /** Returns this evaluation with these intervals, and the reasons why other metrics have none. */
    public Evaluation withIntervals(Map<String, Interval> known, Map<String, String> without) {
        return new Evaluation(loss, samples, metrics, known, without);
    }

    /** Returns this evaluation with the named metrics, if present, before all others. */
    public Evaluation withFirst(List<String> names) {
        Map<String, Double> ordered = new LinkedHashMap<>();
        names.stream().filter(metrics::containsKey).forEach(name -> ordered.put(name, metrics.get(name)));
        metrics.forEach(ordered::putIfAbsent);
        return new Evaluation(loss, samples, ordered, intervals, withoutInterval);
    }
}
