package org.layerwise.chart.heatmap;

import java.nio.file.Path;
import java.util.List;
import org.layerwise.base.CsvText;
import org.layerwise.base.Decimals;
import org.layerwise.base.file.AtomicFiles;

/**
 * Square CSV table of agreements: a header with an empty cell and the labels, then one line per label. Values are
 * written without loss of precision; a missing value is an empty field.
 */
public final class AgreementCsv {

    private AgreementCsv() {}

    /** Writes the table to a file. */
    public static void write(Path file, List<String> labels, double[][] values) {
        AtomicFiles.writeString(file, text(labels, values));
    }

    /** Returns the text that {@link #write} writes. Lines end with a line feed. */
    public static String text(List<String> labels, double[][] values) {
        StringBuilder text = new StringBuilder();
        labels.forEach(label -> text.append(',').append(CsvText.quoted(label)));
        text.append('\n');
        for (int row = 0; row < labels.size(); row++) {
            text.append(CsvText.quoted(labels.get(row)));
            for (double value : values[row]) {
                text.append(',').append(Double.isFinite(value) ? Decimals.shortest(value) : "");
            }
            text.append('\n');
        }
        return text.toString();
    }
}
