package org.layerwise.study.evaluation;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Row of some data with the predictions of one or two models.
 *
 * @param index position among the rows, counted from 0
 * @param number number of the row in its file, counted from 1
 * @param secondText second text of a pair; null for none
 * @param label label, by name if it has one; empty for a language model
 * @param labelClass class of the label; -1 for tasks other than classification
 * @param prediction prediction of the model
 * @param other prediction of the model that it is compared with; null for none
 */
public record PredictedRow(
        int index,
        long number,
        String text,
        @Nullable String secondText,
        String label,
        int labelClass,
        Prediction prediction,
        @Nullable Prediction other) {

    /**
     * Prediction for a row.
     *
     * @param name predicted class by name, or number; empty for a language model
     * @param predictedClass predicted class; -1 for tasks other than classification
     * @param probability softmax probability of the predicted class, 0 to 1; NaN for tasks other than classification
     * @param error cross-entropy, absolute error of a number, or mean loss of the tokens
     * @param right true if the predicted class is the label; false for tasks other than classification
     */
    public record Prediction(String name, int predictedClass, double probability, double error, boolean right) {

        static Prediction of(RowPredictions predictions, int row) {
            return new Prediction(
                    predictions.predicted(row),
                    predictions.predictedClass(row),
                    predictions.probability(row),
                    predictions.error(row),
                    predictions.right(row));
        }
    }

    /** Returns true if a class is predicted and is not the label. */
    public boolean wrong() {
        return labelClass >= 0 && !prediction.right();
    }

    /** Returns the change from the other model to this one; empty without another model, or for tasks without classes. */
    public Optional<RowChange> change() {
        return other == null || labelClass < 0
                ? Optional.empty()
                : Optional.of(RowChange.of(other.right(), prediction.right()));
    }
}
