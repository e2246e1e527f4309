package org.layerwise.study.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.json.Json;
import org.layerwise.run.RunFileNames;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.training.Evaluation;

/**
 * Predictions of a run's model for each row, which the training kept or {@code predictions.jsonl} holds.
 *
 * @param labels labels by row; not copied
 * @param predicted predictions by row; not copied
 * @param classes true if labels and predictions are class indices
 * @param outputs number of outputs of the model
 */
record Predictions(double[] labels, double[] predicted, boolean classes, int outputs) {

    static final String FILE = RunFileNames.PREDICTIONS;

    // the file has the shortest digits of 32-bit numbers
    private static final double ROUNDING = 1e-6;

    // other batches than the run's change the last bits of outputs, and with them the order of predictions that are
    // nearly equal
    private static final double CORRELATION_ROUNDING = 1e-4;

    /** Returns the predictions among results by row. */
    static Predictions of(RowMetrics rows) {
        return new Predictions(rows.labels(), rows.predicted(), rows.outputs() > 1, rows.outputs());
    }

    /** Returns a number, or NaN, which is refused later, for any other value. */
    private static double value(JsonNode json) {
        return json.isNumber() ? json.doubleValue() : Double.NaN;
    }

    /**
     * Reads the predictions.
     *
     * @throws UserException if the file cannot be read, or has other contents
     */
    static Predictions read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            double[] labels = new double[lines.size()];
            double[] predicted = new double[lines.size()];
            int outputs = 0;
            for (int row = 0; row < labels.length; row++) {
                JsonNode json = Json.parse(lines.get(row));
                labels[row] = value(json.path("label"));
                predicted[row] = value(json.path("predicted"));
                outputs = json.path("logits").size();
            }
            Predictions read = new Predictions(labels, predicted, outputs > 1, outputs);
            if (!read.metrics().usable()) {
                throw new UserException(
                        "%s holds a label or a prediction that no model of the experiment gives; delete it, and it is made again."
                                .formatted(file));
            }
            return read;
        } catch (JsonProcessingException e) {
            throw new UserException(
                    "%s holds a line that is no JSON; delete it, and it is made again.".formatted(file), e);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    int rows() {
        return labels.length;
    }

    /** Returns true if a metric with this name can be computed for a subset of the rows. */
    boolean canCompute(String metric) {
        return metrics().canCompute(metric);
    }

    /** Returns a metric of certain rows. A row that occurs several times counts several times. */
    double metric(String name, int[] rows) {
        return metrics().metric(name, rows);
    }

    /**
     * Returns the evaluation that has the metrics of these predictions with their intervals, so that both belong
     * together. The loss and its interval, metrics that cannot be computed from predictions, and metrics that are NaN
     * in the run stay. Returns the given evaluation if it has these values already.
     *
     * @param measured evaluation of the run itself, which may be from another computer or in another data type
     */
    Evaluation of(Evaluation measured, Progress progress) {
        int[] all = IntStream.range(0, rows()).toArray();
        Map<String, Double> own = new LinkedHashMap<>(measured.metrics());
        double rounding = classes ? ROUNDING : CORRELATION_ROUNDING;
        List<String> computed = new ArrayList<>();
        boolean same = true;
        for (Map.Entry<String, Double> metric : own.entrySet()) {
            if (canCompute(metric.getKey()) && !metric.getValue().isNaN()) {
                double value = metric(metric.getKey(), all);
                computed.add(metric.getKey());
                same &= Math.abs(value - metric.getValue()) < rounding;
                metric.setValue(value);
            }
        }
        if (same) {
            return measured;
        }
        Map<String, Interval> intervals = new LinkedHashMap<>(measured.intervals());
        intervals.keySet().removeAll(computed);
        Map<String, String> without = new LinkedHashMap<>(measured.withoutInterval());
        without.keySet().removeAll(computed);
        MetricIntervals found = MetricIntervals.of(metrics(), computed, progress);
        intervals.putAll(found.byMetric());
        without.putAll(found.without());
        return new Evaluation(measured.loss(), measured.samples(), own, intervals, without);
    }

    /** Returns the predictions as results by row, without losses. */
    RowMetrics metrics() {
        return new RowMetrics(labels, predicted, outputs, new double[0], new double[0]);
    }

    /** Returns the accuracy of always predicting the most frequent class. */
    double majority() {
        return DoubleStream.of(labels)
                        .distinct()
                        .mapToLong(label -> DoubleStream.of(labels)
                                .filter(other -> other == label)
                                .count())
                        .max()
                        .orElse(0)
                / (double) Math.max(1, labels.length);
    }
}
