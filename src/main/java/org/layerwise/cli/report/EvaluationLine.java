package org.layerwise.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.json.Json;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.training.Evaluation;

/** Formats an evaluation as one line: JSON for programs, text for people. */
public final class EvaluationLine {

    private EvaluationLine() {}

    /** Returns the evaluation as a JSON object to which keys can be added. */
    static ObjectNode tree(Evaluation evaluation) {
        ObjectNode line = Json.object();
        put(line, Evaluation.LOSS, evaluation.loss());
        line.put("samples", evaluation.samples());
        evaluation.metrics().forEach((name, value) -> put(line, name, value));
        return line;
    }

    public static String words(Evaluation evaluation) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "loss %.4f", evaluation.loss()));
        text.append(interval(Evaluation.LOSS, evaluation));
        for (Map.Entry<String, Double> metric : evaluation.metrics().entrySet()) {
            text.append(String.format(Locale.ROOT, ", %s %.4f", metric.getKey(), metric.getValue()));
            text.append(interval(metric.getKey(), evaluation));
        }
        return text.append(" (")
                .append(evaluation.samples())
                .append(" samples)")
                .toString();
    }

    private static String interval(String metric, Evaluation evaluation) {
        return MetricIntervals.of(metric, evaluation)
                .map(interval -> "95 % " + ends(interval))
                .or(() -> MetricIntervals.without(metric, evaluation))
                .map(" (%s)"::formatted)
                .orElse("");
    }

    /** Formats both ends of an interval. */
    static String ends(Interval interval) {
        return String.format(Locale.ROOT, "%.4f to %.4f", interval.low(), interval.high());
    }

    private static void put(ObjectNode line, String name, double value) {
        if (Double.isFinite(value)) {
            line.put(name, value);
        } else {
            line.putNull(name);
        }
    }
}
