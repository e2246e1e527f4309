package org.layerwise.study.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.json.Json;
import org.layerwise.data.Dataset;
import org.layerwise.training.ConfusionMatrix;
import org.layerwise.training.Evaluator;
import org.layerwise.training.Objective;
import org.layerwise.training.RowErrors;
import org.layerwise.training.TaskKind;

/**
 * Predictions of a model for each row of some data. Rows are counted from 0, in the order of the data.
 *
 * @param rows rows with their texts
 * @param objective labels of the rows
 * @param classNames name of each class, a number as text for a class without a name; empty for tasks other than
 *     classification
 * @param outcome outputs of the model
 */
public record RowPredictions(Dataset rows, Objective objective, List<String> classNames, Evaluator.Outcome outcome) {

    public RowPredictions {
        classNames = List.copyOf(classNames);
    }

    /** @param names names of classes; may be fewer than the classes */
    static RowPredictions of(Dataset rows, Objective objective, List<String> names, Evaluator.Outcome outcome) {
        List<String> all = objective instanceof Objective.Classification classification
                ? IntStream.range(0, classification.classes())
                        .mapToObj(k -> k < names.size() ? names.get(k) : String.valueOf(k))
                        .toList()
                : List.of();
        return new RowPredictions(rows, objective, all, outcome);
    }

    /** Returns the task of the model. */
    public TaskKind task() {
        return objective.task();
    }

    /** Returns the number of rows. */
    public int size() {
        return rows.size();
    }

    /** Returns the class of a row's label; -1 for tasks other than classification. */
    public int labelClass(int row) {
        return objective instanceof Objective.Classification classification
                ? classification.label(row).intValue()
                : -1;
    }

    /** Returns the predicted class of a row; -1 for tasks other than classification. */
    public int predictedClass(int row) {
        return objective instanceof Objective.Classification classification
                ? classification.predicted(outcome.logits()[row]).intValue()
                : -1;
    }

    /** Returns true if the predicted class of a row is its label; false for tasks other than classification. */
    public boolean right(int row) {
        return labelClass(row) >= 0 && labelClass(row) == predictedClass(row);
    }

    /** Returns the label of a row, by name if it has one; empty for a language model. */
    public String label(int row) {
        if (objective instanceof Objective.Classification) {
            return classNames.get(labelClass(row));
        }
        return objective instanceof Objective.OfRows ofRows ? ofRows.label(row).toString() : "";
    }

    /** Returns the prediction for a row, by name if it has one; empty for a language model. */
    public String predicted(int row) {
        if (objective instanceof Objective.Classification) {
            return classNames.get(predictedClass(row));
        }
        return objective instanceof Objective.OfRows ofRows
                ? ofRows.predicted(outcome.logits()[row]).toString()
                : "";
    }

    /** Returns the softmax probability of the predicted class, 0 to 1; NaN for tasks other than classification. */
    public double probability(int row) {
        int predicted = predictedClass(row);
        return predicted < 0 ? Double.NaN : Math.exp(-RowErrors.crossEntropy(outcome.logits()[row], predicted));
    }

    /**
     * Returns the error of a row: the cross-entropy for classes, the absolute error for numbers, the mean loss of the
     * tokens for a language model.
     */
    public double error(int row) {
        if (objective instanceof Objective.Classification) {
            return RowErrors.crossEntropy(outcome.logits()[row], labelClass(row));
        }
        if (objective instanceof Objective.Regression numbers) {
            return Math.abs(outcome.logits()[row][0] - numbers.labels().of(row));
        }
        return outcome.rowLosses()[row];
    }

    /** Returns the confusion matrix; null for tasks other than classification. */
    public @Nullable ConfusionMatrix confusion() {
        return objective instanceof Objective.Classification classification
                ? ConfusionMatrix.of(
                        classification.labels().values(),
                        IntStream.range(0, size()).map(this::predictedClass).toArray(),
                        classification.classes())
                : null;
    }

    /**
     * Writes a JSON object for each row: its number in its file, label, prediction and logits.
     *
     * @throws IllegalStateException if the model is a language model, which has no prediction for a row
     */
    public void write(Path file) {
        if (!(objective instanceof Objective.OfRows ofRows)) {
            throw new IllegalStateException("a language model has no prediction for a row");
        }
        Json.writeLines(file, IntStream.range(0, size()).mapToObj(row -> {
            ObjectNode line = Json.object();
            line.put("row", rows.number(row)); // in its file, as of the worst rows
            line.set("label", Json.tree(ofRows.label(row)));
            line.set("predicted", Json.tree(ofRows.predicted(outcome.logits()[row])));
            ArrayNode values = line.putArray("logits");
            for (float logit : outcome.logits()[row]) {
                values.add(logit);
            }
            return line;
        }));
    }
}
