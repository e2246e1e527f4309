package org.layerwise.study;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.Dataset;
import org.layerwise.training.ConfusionMatrix;
import org.layerwise.training.Objective;
import org.layerwise.training.RowErrors;

/**
 * Where a model is wrong.
 *
 * @param classNames names by class, numbers as text where they have none; empty for other tasks than classification
 * @param confusion null for other tasks than classification
 * @param worst the rows with the largest errors, the largest first
 */
public record EvaluationDetails(List<String> classNames, @Nullable ConfusionMatrix confusion, List<WorstRow> worst) {

    private static final int MOST_CHARACTERS = 200;

    public EvaluationDetails {
        classNames = List.copyOf(classNames);
        worst = List.copyOf(worst);
    }

    /**
     * A row with a large error.
     *
     * @param place where it stands, as in {@code row 5 of data.tsv}
     * @param row its number in its file, from 1
     * @param text both texts of a pair with a bar between them, cut where it is long; token ids where there is no text
     * @param label its label, by name where it has one
     * @param predicted what the model says
     * @param error cross-entropy for classes, absolute error for numbers
     */
    public record WorstRow(String place, long row, String text, String label, String predicted, double error) {}

    /** Of the outputs of a classifier or of a regression; of a language model nothing is told row by row. */
    static EvaluationDetails of(Dataset rows, Objective objective, List<String> names, float[][] logits, int worst) {
        if (objective instanceof Objective.Classification classes) {
            int[] labels = classes.labels().values();
            int[] predictions = Arrays.stream(logits)
                    .mapToInt(row -> classes.predicted(row).intValue())
                    .toArray();
            List<String> known = IntStream.range(0, classes.classes())
                    .mapToObj(k -> k < names.size() ? names.get(k) : String.valueOf(k))
                    .toList();
            double[] errors = IntStream.range(0, logits.length)
                    .mapToDouble(row -> RowErrors.crossEntropy(logits[row], labels[row]))
                    .toArray();
            List<WorstRow> found = Arrays.stream(RowErrors.worst(errors, worst))
                    .mapToObj(row -> worst(rows, row, known.get(labels[row]), known.get(predictions[row]), errors[row]))
                    .toList();
            return new EvaluationDetails(known, ConfusionMatrix.of(labels, predictions, classes.classes()), found);
        }
        if (!(objective instanceof Objective.OfRows numbers)) {
            return new EvaluationDetails(List.of(), null, List.of());
        }
        double[] errors = IntStream.range(0, logits.length)
                .mapToDouble(row -> Math.abs(numbers.predicted(logits[row]).doubleValue()
                        - numbers.label(row).doubleValue()))
                .toArray();
        List<WorstRow> found = Arrays.stream(RowErrors.worst(errors, worst))
                .mapToObj(row -> worst(
                        rows,
                        row,
                        numbers.label(row).toString(),
                        numbers.predicted(logits[row]).toString(),
                        errors[row]))
                .toList();
        return new EvaluationDetails(List.of(), null, found);
    }

    private static WorstRow worst(Dataset rows, int row, String label, String predicted, double error) {
        Dataset.Row shown = rows.row(row);
        String text = shown.secondText() == null ? shown.text() : shown.text() + " | " + shown.secondText();
        return new WorstRow(rows.place(row), rows.number(row), cut(text), label, predicted, error);
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= MOST_CHARACTERS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MOST_CHARACTERS)) + "…";
    }
}
