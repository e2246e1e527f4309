package org.layerwise.run.uncertainty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.json.Json;
import org.layerwise.training.Evaluation;

/**
 * Reads and writes {@code evaluated-rows.json} of a run: the label, the prediction and the loss of each row of its
 * evaluations, by which two runs are compared row by row.
 */
public final class EvaluatedRows {

    public static final String NAME = "evaluated-rows.json";

    /** Maximum number of rows that are saved per evaluation: a file of about 20 MB. */
    public static final int MOST_ROWS = 1_000_000;

    private static final long MOST_BYTES = 128L << 20;
    private static final int MOST_OUTPUTS = 1_000_000;
    private static final double EXACT = 1e-9;

    /** Relative tolerance of perplexities, since losses are stored as 32-bit numbers. */
    private static final double ROUNDED = 1e-4;

    /** Tolerance of losses, relative, and absolute below 1. The model's device may have computed them in bfloat16. */
    private static final double BFLOAT16 = 0.02;

    private static final String OUTPUTS = "outputs";
    private static final String LABELS = "labels";
    private static final String PREDICTED = "predicted";
    private static final String LOSSES = "losses";
    private static final String TOKENS = "tokens";

    private EvaluatedRows() {}

    /** Returns true if the rows can be saved: there are not too many, and each has a finite result. */
    public static boolean keeps(@Nullable RowMetrics rows) {
        return rows != null
                && rows.rows() > 0
                && rows.rows() <= MOST_ROWS
                && rows.outputs() <= MOST_OUTPUTS
                && rows.usable();
    }

    /**
     * Writes the file atomically.
     *
     * @param byName rows of each evaluation, for which {@link #keeps} is true
     * @throws UserException if the file cannot be written
     */
    public static void write(Path file, Map<String, RowMetrics> byName) {
        ObjectNode json = Json.object();
        byName.forEach((name, rows) -> json.set(name, json(rows)));
        AtomicFiles.writeString(file, Json.line(json) + "\n");
    }

    private static ObjectNode json(RowMetrics rows) {
        ObjectNode json = Json.object();
        if (rows.labels().length == 0) {
            ArrayNode tokens = json.putArray(TOKENS);
            Arrays.stream(rows.weights()).forEach(weight -> tokens.add((long) weight));
        } else {
            json.put(OUTPUTS, rows.outputs());
            ArrayNode labels = json.putArray(LABELS);
            Arrays.stream(rows.labels()).forEach(label -> number(labels, label, false));
            ArrayNode predicted = json.putArray(PREDICTED);
            Arrays.stream(rows.predicted()).forEach(value -> number(predicted, value, true));
        }
        ArrayNode losses = json.putArray(LOSSES);
        Arrays.stream(rows.losses()).forEach(loss -> losses.add((float) loss));
        return json;
    }

    /**
     * Adds a number in its shortest form: a class index without ".0", and a 32-bit number without the extra digits of
     * its 64-bit value.
     */
    private static void number(ArrayNode array, double value, boolean bits32) {
        if (value == (int) value) {
            array.add((int) value);
        } else if (bits32) {
            array.add((float) value);
        } else {
            array.add(value);
        }
    }

    /**
     * Reads the file.
     *
     * @param evaluations evaluations by name that the rows must agree with; rows of other names are ignored
     * @throws UserException if the file is missing, has another format, or contains the rows of other evaluations
     */
    public static Map<String, RowMetrics> read(Path file, Map<String, Evaluation> evaluations) {
        JsonNode json = Json.read(file, MOST_BYTES);
        Map<String, RowMetrics> found = new LinkedHashMap<>();
        evaluations.forEach((name, evaluation) -> {
            if (json.has(name)) {
                RowMetrics rows = rows(file, json.path(name));
                requireOf(evaluation, rows, file, name);
                found.put(name, rows);
            }
        });
        return found;
    }

    private static RowMetrics rows(Path file, JsonNode json) {
        double[] losses = numbers(file, json, LOSSES);
        require(Arrays.stream(losses).allMatch(RowMetrics::isLoss), file, "a loss below 0");
        if (json.has(TOKENS)) {
            double[] tokens = numbers(file, json, TOKENS);
            require(tokens.length == losses.length, file, "lists of different lengths");
            require(
                    Arrays.stream(tokens)
                            .allMatch(one -> one >= 0 && one <= Integer.MAX_VALUE && one == Math.rint(one)),
                    file,
                    "numbers of tokens that are none");
            return new RowMetrics(new double[0], new double[0], 1, losses, tokens);
        }
        double[] labels = numbers(file, json, LABELS);
        double[] predicted = numbers(file, json, PREDICTED);
        Arrays.setAll(predicted, row -> (float) predicted[row]); // models return 32-bit numbers
        JsonNode outputs = json.path(OUTPUTS);
        require(
                outputs.isInt() && outputs.intValue() >= 1 && outputs.intValue() <= MOST_OUTPUTS,
                file,
                "a number of outputs that no model has");
        require(
                labels.length == predicted.length && labels.length == losses.length,
                file,
                "lists of different lengths");
        double[] weights = new double[losses.length];
        Arrays.fill(weights, 1);
        RowMetrics rows = new RowMetrics(labels, predicted, outputs.intValue(), losses, weights);
        require(rows.usable(), file, "a label or a prediction that is no class of the model");
        return rows;
    }

    private static double[] numbers(Path file, JsonNode json, String key) {
        JsonNode array = json.path(key);
        require(array.isArray() && !array.isEmpty(), file, "no list \"%s\"".formatted(key));
        require(array.size() <= MOST_ROWS, file, "more than %s rows".formatted(MOST_ROWS));
        double[] values = new double[array.size()];
        for (int row = 0; row < values.length; row++) {
            values[row] = array.get(row).isNumber() ? array.get(row).doubleValue() : Double.NaN;
        }
        require(
                Arrays.stream(values).allMatch(Double::isFinite),
                file,
                "a value among \"%s\" that is no finite number".formatted(key));
        return values;
    }

    /** Requires that the metrics which follow from the rows agree with those that the run reports. */
    private static void requireOf(Evaluation evaluation, RowMetrics rows, Path file, String name) {
        boolean same = rows.rows() == evaluation.samples();
        if (same) {
            int[] all = rows.all();
            same = Math.abs(rows.metric(Evaluation.LOSS, all) - evaluation.loss())
                    <= BFLOAT16 * Math.max(1, Math.abs(evaluation.loss()));
            for (Map.Entry<String, Double> metric : evaluation.metrics().entrySet()) {
                if (rows.canCompute(metric.getKey())) {
                    double tolerance = rows.labels().length > 0 ? EXACT : ROUNDED * Math.abs(metric.getValue());
                    same &= Math.abs(rows.metric(metric.getKey(), all) - metric.getValue()) <= tolerance;
                }
            }
        }
        require(same, file, "rows that do not give the metrics of the %s evaluation".formatted(name));
    }

    private static void require(boolean fine, Path file, String what) {
        if (!fine) {
            throw new UserException(
                    "%s holds %s, so the rows are not compared; put back the file that the training wrote, or train again."
                            .formatted(file, what));
        }
    }
}
