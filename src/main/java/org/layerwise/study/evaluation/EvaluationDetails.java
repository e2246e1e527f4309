package org.layerwise.study.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.Dataset;
import org.layerwise.training.ConfusionMatrix;
import org.layerwise.training.Evaluator;
import org.layerwise.training.Objective;
import org.layerwise.training.RowErrors;

/**
 * Errors of a model in an evaluation.
 *
 * @param classNames names of the classes, numbers as text for classes without names; empty for tasks other than
 *     classification
 * @param confusion confusion matrix; null for tasks other than classification
 * @param worst rows with the largest errors, the largest first
 */
public record EvaluationDetails(List<String> classNames, @Nullable ConfusionMatrix confusion, List<WorstRow> worst) {

    private static final int MOST_CHARACTERS = 200;

    public EvaluationDetails {
        classNames = List.copyOf(classNames);
        worst = List.copyOf(worst);
    }

    /**
     * Row with a large error.
     *
     * @param place location of the row, as in {@code row 5 of data.tsv}
     * @param row number of the row in its file, from 1
     * @param text text of the row, or both texts of a pair with a bar between them, truncated if long; token ids if
     *     there is no text
     * @param label label of the row, by name if it has one; empty for a language model
     * @param predicted prediction of the model; empty for a language model
     * @param error cross-entropy for classes, absolute error for numbers, mean loss of the tokens for a language model
     */
    public record WorstRow(String place, long row, String text, String label, String predicted, double error) {

        private WorstRow(Dataset rows, int row, String label, String predicted, double error) {
            this(rows.place(row), rows.number(row), cut(rows.row(row)), label, predicted, error);
        }

        private static String cut(Dataset.Row row) {
            String text = row.secondText() == null ? row.text() : row.text() + " | " + row.secondText();
            return text.codePointCount(0, text.length()) <= MOST_CHARACTERS
                    ? text
                    : text.substring(0, text.offsetByCodePoints(0, MOST_CHARACTERS)) + "…";
        }
    }

    /**
     * Computes the details of an evaluation.
     *
     * @param names names of classes; may be shorter than the number of classes
     */
    static EvaluationDetails of(
            Dataset rows, Objective objective, List<String> names, Evaluator.Outcome outcome, int worst) {
        if (objective instanceof Objective.Classification classes) {
            return ofClasses(rows, classes, names, outcome.logits(), worst);
        }
        if (objective instanceof Objective.Regression numbers) {
            return ofNumbers(rows, numbers, outcome.logits(), worst);
        }
        double[] losses = outcome.rowLosses();
        return new EvaluationDetails(
                List.of(), null, worst(losses, worst, row -> new WorstRow(rows, row, "", "", losses[row])));
    }

    private static EvaluationDetails ofClasses(
            Dataset rows, Objective.Classification objective, List<String> names, float[][] logits, int worst) {
        int[] labels = objective.labels().values();
        int[] predictions = Arrays.stream(logits)
                .mapToInt(row -> objective.predicted(row).intValue())
                .toArray();
        List<String> known = IntStream.range(0, objective.classes())
                .mapToObj(k -> k < names.size() ? names.get(k) : String.valueOf(k))
                .toList();
        double[] losses = IntStream.range(0, logits.length)
                .mapToDouble(row -> RowErrors.crossEntropy(logits[row], labels[row]))
                .toArray();
        return new EvaluationDetails(
                known,
                ConfusionMatrix.of(labels, predictions, objective.classes()),
                worst(
                        losses,
                        worst,
                        row -> new WorstRow(
                                rows, row, known.get(labels[row]), known.get(predictions[row]), losses[row])));
    }

    private static EvaluationDetails ofNumbers(
            Dataset rows, Objective.Regression objective, float[][] logits, int worst) {
        double[] errors = IntStream.range(0, logits.length)
                .mapToDouble(row -> Math.abs(logits[row][0] - objective.labels().of(row)))
                .toArray();
        return new EvaluationDetails(
                List.of(),
                null,
                worst(
                        errors,
                        worst,
                        row -> new WorstRow(
                                rows,
                                row,
                                objective.label(row).toString(),
                                objective.predicted(logits[row]).toString(),
                                errors[row])));
    }

    private static List<WorstRow> worst(double[] errors, int most, IntFunction<WorstRow> row) {
        return Arrays.stream(RowErrors.worst(errors, most)).mapToObj(row).toList();
    }
}
