package org.layerwise.chart;

import java.nio.file.Path;
import java.util.List;
import org.layerwise.base.CsvText;
import org.layerwise.base.Decimals;
import org.layerwise.base.WholeFiles;

/**
 * A square table of named rows and columns: a header with the labels behind an empty cell, then a line a label. Values
 * without loss; nothing between the commas where there is none.
 */
public final class AgreementCsv {

    private AgreementCsv() {}

    /** Writes the file. */
    public static void write(Path file, List<String> labels, double[][] values) {
        WholeFiles.writeString(file, text(labels, values));
    }

    /** What {@link #write} writes; lines end with a line feed. */
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
