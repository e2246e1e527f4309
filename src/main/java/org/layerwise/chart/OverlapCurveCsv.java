package org.layerwise.chart;

import java.nio.file.Path;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.base.Decimals;
import org.layerwise.base.WholeFiles;

/** The data of a curve of overlaps: a header {@code samples,overlap,low,high}, then a line a number of examples. */
public final class OverlapCurveCsv {

    private OverlapCurveCsv() {}

    /** Writes the file. */
    public static void write(Path file, Uncertainty uncertainty) {
        WholeFiles.writeString(file, text(uncertainty));
    }

    /** What {@link #write} writes; lines end with a line feed, values are without loss. */
    public static String text(Uncertainty uncertainty) {
        StringBuilder text = new StringBuilder("samples,overlap,low,high\n");
        for (Uncertainty.OverlapAt at : uncertainty.curve()) {
            text.append(at.samples());
            for (double value : new double[] {at.overlap(), at.low(), at.high()}) {
                text.append(',').append(Decimals.shortest(value));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
