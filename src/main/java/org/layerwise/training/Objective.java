package org.layerwise.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.layerwise.data.Labels;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** What a model's outputs for some rows are measured against. */
public sealed interface Objective {

    /** The kind of task. */
    TaskKind task();

    /**
     * The mean loss over rows, a scalar.
     *
     * @param logits {@code [rows, outputs]}
     * @param rows indices into the data
     */
    Tensor loss(TensorEngine engine, Tensor logits, int[] rows, Device device);

    /** The task's metrics by name, in the order in which they are shown. */
    Map<String, Double> metrics(float[][] logits);

    /** The label of a row, as predictions are written. */
    Number label(int row);

    /** What logits predict. */
    Number predicted(float[] logits);

    /** Cross-entropy over classes; the highest logit predicts. */
    record Classification(Labels.Classes labels, int classes) implements Objective {

        @Override
        public TaskKind task() {
            return TaskKind.CLASSIFICATION;
        }

        @Override
        public Tensor loss(TensorEngine engine, Tensor logits, int[] rows, Device device) {
            long[] wanted = Arrays.stream(rows).mapToLong(labels::of).toArray();
            return logits.crossEntropy(engine.of(wanted, wanted.length).to(device));
        }

        @Override
        public Map<String, Double> metrics(float[][] logits) {
            int[] wanted = labels.values();
            int[] predictions =
                    Arrays.stream(logits).mapToInt(Classification::highest).toArray();
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("accuracy", Metrics.accuracy(wanted, predictions));
            metrics.put("matthews", Metrics.matthews(wanted, predictions));
            metrics.put(
                    "f1", classes == 2 ? Metrics.binaryF1(wanted, predictions) : Metrics.macroF1(wanted, predictions));
            return metrics;
        }

        @Override
        public Number label(int row) {
            return labels.of(row);
        }

        @Override
        public Number predicted(float[] logits) {
            return highest(logits);
        }

        private static int highest(float[] logits) {
            int best = 0;
            for (int i = 1; i < logits.length; i++) {
                best = logits[i] > logits[best] ? i : best;
            }
            return best;
        }
    }

    /** Mean squared error of one output. */
    record Regression(Labels.Numbers labels) implements Objective {

        @Override
        public TaskKind task() {
            return TaskKind.REGRESSION;
        }

        @Override
        public Tensor loss(TensorEngine engine, Tensor logits, int[] rows, Device device) {
            float[] wanted = new float[rows.length];
            for (int i = 0; i < rows.length; i++) {
                wanted[i] = (float) labels.of(rows[i]);
            }
            return logits.reshape(-1)
                    .meanSquaredError(engine.of(wanted, wanted.length).to(device));
        }

        @Override
        public Map<String, Double> metrics(float[][] logits) {
            double[] wanted = labels.values();
            double[] predictions =
                    Arrays.stream(logits).mapToDouble(row -> row[0]).toArray();
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("pearson", Metrics.pearson(wanted, predictions));
            metrics.put("spearman", Metrics.spearman(wanted, predictions));
            return metrics;
        }

        @Override
        public Number label(int row) {
            return labels.of(row);
        }

        @Override
        public Number predicted(float[] logits) {
            return logits[0];
        }
    }
}
