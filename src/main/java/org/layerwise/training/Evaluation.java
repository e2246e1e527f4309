package org.layerwise.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerwise.analysis.uncertainty.Interval;

/**
 * How good a model is on some data.
 *
 * @param loss the mean over rows
 * @param samples the number of rows
 * @param metrics the task's metrics by name: accuracy, matthews, f1, or pearson, spearman
 * @param intervals 95 % intervals by the name of the metric, or {@link #LOSS}; those that are not known are missing
 */
public record Evaluation(double loss, int samples, Map<String, Double> metrics, Map<String, Interval> intervals) {

    /** The name of the loss beside those of the metrics. */
    public static final String LOSS = "loss";

    public Evaluation {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        intervals = Collections.unmodifiableMap(new LinkedHashMap<>(intervals));
    }

    /** An evaluation whose intervals are not known. */
    public Evaluation(double loss, int samples, Map<String, Double> metrics) {
        this(loss, samples, metrics, Map.of());
    }

    /** Returns it with these intervals. */
    public Evaluation withIntervals(Map<String, Interval> known) {
        return new Evaluation(loss, samples, metrics, known);
    }

    /** The same with some metrics, where they are there, before the others. */
    public Evaluation withFirst(List<String> names) {
        Map<String, Double> ordered = new LinkedHashMap<>();
        names.stream().filter(metrics::containsKey).forEach(name -> ordered.put(name, metrics.get(name)));
        metrics.forEach(ordered::putIfAbsent);
        return new Evaluation(loss, samples, ordered, intervals);
    }
}
