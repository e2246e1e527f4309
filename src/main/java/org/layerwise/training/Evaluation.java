package org.layerwise.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How good a model is on some data.
 *
 * @param loss the mean over rows
 * @param samples the number of rows
 * @param metrics the task's metrics by name: accuracy, matthews, f1, or pearson, spearman
 */
public record Evaluation(double loss, int samples, Map<String, Double> metrics) {

    public Evaluation {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /** The same with some metrics, where they are there, before the others. */
    public Evaluation withFirst(List<String> names) {
        Map<String, Double> ordered = new LinkedHashMap<>();
        names.stream().filter(metrics::containsKey).forEach(name -> ordered.put(name, metrics.get(name)));
        metrics.forEach(ordered::putIfAbsent);
        return new Evaluation(loss, samples, ordered);
    }
}
