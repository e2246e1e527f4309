package org.layerwise.run.uncertainty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.NumberReader;

/**
 * Reads and writes the intervals of an evaluation in the files of a run: an object with a list of both ends for each
 * metric.
 */
public final class IntervalJson {

    /** Key of the intervals in the object of the metrics. */
    public static final String KEY = "intervals";

    private IntervalJson() {}

    /** Returns the intervals as an object, which is empty if there are no intervals. */
    public static ObjectNode write(Map<String, Interval> intervals) {
        ObjectNode json = Json.object();
        intervals.forEach(
                (metric, interval) -> json.putArray(metric).add(interval.low()).add(interval.high()));
        return json;
    }

    /**
     * Reads the object.
     *
     * @return intervals by metric; empty if the file has none, as files of earlier versions
     * @throws UserException if an interval is not two finite numbers in ascending order
     */
    public static Map<String, Interval> read(JsonNode json, NumberReader numbers) {
        Map<String, Interval> intervals = new LinkedHashMap<>();
        json.properties().forEach(entry -> {
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
