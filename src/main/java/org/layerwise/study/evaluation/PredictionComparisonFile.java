package org.layerwise.study.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.Decimals;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.json.Json;

/** Files of a comparison of predictions: all numbers as JSON, and a CSV table of the rows. */
public final class PredictionComparisonFile {

    private PredictionComparisonFile() {}

    /**
     * Writes the result as JSON.
     *
     * @throws org.layerwise.base.UserException if the file cannot be written
     */
    public static void write(Path file, PredictionComparison result) {
        Json.write(file, json(result));
    }

    /** Returns the result as JSON, without the rows. */
    public static ObjectNode json(PredictionComparison result) {
        ObjectNode json = Json.object();
        json.put("first", result.first());
        json.put("second", result.second());
        json.put("data", result.data());
        json.put("task", result.task().id());
        json.put("rows", result.numbers().size());
        json.put(result.unit() + "s_compared", result.predictions());
        put(json, "divergence_bits", result.divergence());
        put(json, "disagreement", result.disagreement());
        json.put("cut_rows", result.cutRows());
        json.set("remarks", Json.tree(result.remarks()));
        return json;
    }

    private static void put(ObjectNode json, String name, PredictionComparison.Mean mean) {
        json.put(name, mean.value());
        Interval interval = mean.interval();
        if (interval != null) {
            json.putArray(name + "_interval").add(interval.low()).add(interval.high());
        }
    }

    /**
     * Writes a table with a line for each row: {@code row,predictions,divergence_bits,disagreement}, of which the last two are means
     * over the predictions of the row, empty if there are none.
     *
     * @throws org.layerwise.base.UserException if the file cannot be written
     */
    public static void writeRows(Path file, PredictionComparison result) {
        StringBuilder text = new StringBuilder("row,predictions,divergence_bits,disagreement\n");
        for (int row = 0; row < result.numbers().size(); row++) {
            int predictions = result.rows().predictions()[row];
            double disagreements = result.rows().disagreements()[row];
            text.append(result.numbers().get(row))
                    .append(',')
                    .append(predictions)
                    .append(',')
                    .append(result.divergence(row).map(Decimals::shortest).orElse(""))
                    .append(',')
                    .append(predictions == 0 ? "" : Decimals.shortest(disagreements / predictions))
                    .append('\n');
        }
        AtomicFiles.writeString(file, text.toString());
    }
}
