package org.layerwise.chart.curve;

import java.nio.file.Path;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.base.Decimals;
import org.layerwise.base.file.AtomicFiles;

/**
 * CSV table of a curve of overlaps: a header {@code samples,overlap,low,high}, then one line per number of examples.
 */
public final class OverlapCurveCsv {

    private OverlapCurveCsv() {}

    /** Writes the table to a file. */
    public static void write(Path file, Uncertainty uncertainty) {
        AtomicFiles.writeString(file, text(uncertainty));
    }

    /**
     * Returns the text that {@link #write} writes. Lines end with a line feed; values are written without loss of
     * precision.
     */
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
