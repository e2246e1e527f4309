package org.layerwise.run.uncertainty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.PlainText;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.NumberReader;
import org.layerwise.training.Evaluation;

/**
 * Reads and writes the intervals of an evaluation in the files of a run: an object with a list of both ends for each
 * metric, or a text with the reason why it has no interval.
 */
public final class IntervalJson {

    /** Key of the intervals in the object of the metrics. */
    public static final String KEY = "intervals";

    private IntervalJson() {}

    /** Adds the object to the JSON of an evaluation, if there is an interval or a reason. */
    public static void put(ObjectNode to, String key, Evaluation evaluation) {
        ObjectNode json = Json.object();
        evaluation.intervals().forEach((metric, interval) -> json.putArray(metric)
                .add(interval.low())
                .add(interval.high()));
        evaluation.withoutInterval().forEach(json::put);
        if (!json.isEmpty()) {
            to.set(key, json);
        }
    }

    /** Returns the reasons of metrics without an interval, by metric. */
    public static Map<String, String> reasons(JsonNode json) {
        Map<String, String> reasons = new LinkedHashMap<>();
        json.properties().stream()
                .filter(entry -> entry.getValue().isTextual())
                .forEach(entry -> reasons.put(
                        entry.getKey(), PlainText.line(entry.getValue().asText())));
        return reasons;
    }

    /**
     * Reads the object.
     *
     * @return intervals by metric; empty if the file has none, as files of earlier versions
     * @throws UserException if an interval is not two finite numbers in ascending order
     */
    public static Map<String, Interval> read(JsonNode json, NumberReader numbers) {
        Map<String, Interval> intervals = new LinkedHashMap<>();
        json.properties().stream()
                .filter(entry -> !entry.getValue().isTextual())
                .forEach(entry -> {
                    double low = numbers.finite(entry.getValue().path(0), entry.getKey());
                    double high = numbers.finite(entry.getValue().path(1), entry.getKey());
                    if (low > high) {
                        throw new UserException("%s has an interval of \"%s\" that ends before it begins. %s"
                                .formatted(numbers.file(), entry.getKey(), numbers.advice()));
                    }
                    intervals.put(entry.getKey(), new Interval(low, high));
                });
        return intervals;
    }
}
