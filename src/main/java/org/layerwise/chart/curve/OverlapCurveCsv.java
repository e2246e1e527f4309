package org.layerwise.chart.curve;

import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.base.Decimals;

/**
 * CSV table of a curve of overlaps: a header {@code samples,overlap,low,high}, then one line per number of examples.
 */
public final class OverlapCurveCsv {

    private OverlapCurveCsv() {}

    /**
     * Returns the text of the table. Lines end with a line feed; values are written without loss of
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
