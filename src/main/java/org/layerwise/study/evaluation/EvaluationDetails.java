package org.layerwise.study.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.Dataset;
import org.layerwise.training.ConfusionMatrix;
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

    /** @param worst maximum number of rows with large errors */
    static EvaluationDetails of(RowPredictions predictions, int worst) {
        double[] errors = IntStream.range(0, predictions.size())
                .mapToDouble(predictions::error)
                .toArray();
        return new EvaluationDetails(
                predictions.classNames(),
                predictions.confusion(),
                Arrays.stream(RowErrors.worst(errors, worst))
                        .mapToObj(row -> new WorstRow(
                                predictions.rows(),
                                row,
                                predictions.label(row),
                                predictions.predicted(row),
                                errors[row]))
                        .toList());
    }
}
