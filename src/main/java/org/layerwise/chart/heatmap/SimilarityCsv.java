package org.layerwise.chart.heatmap;

import java.util.OptionalDouble;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Decimals;

/**
 * CSV table of a heatmap, {@code similarity.csv}: a header {@code state,0,1,...,M} with the hidden states of the
 * columns, then one line per hidden state of the rows, which starts with the number of the state. Values are written
 * without loss of precision, with a decimal point; an undefined value is an empty field.
 */
public final class SimilarityCsv {

    private static final String CORNER = "state";

    private SimilarityCsv() {}

    /** Returns the text of the table. Lines end with a line feed. */
    public static String text(SimilarityMatrix matrix) {
        StringBuilder text = new StringBuilder(CORNER);
        for (int j = 0; j < matrix.columns(); j++) {
            text.append(',').append(j);
        }
        for (int i = 0; i < matrix.rows(); i++) {
            text.append('\n').append(i);
            for (int j = 0; j < matrix.columns(); j++) {
                OptionalDouble value = matrix.value(i, j);
                text.append(',').append(value.isPresent() ? Decimals.shortest(value.getAsDouble()) : "");
            }
        }
        return text.append('\n').toString();
    }
}
