package org.layerwise.chart.curve;

import org.layerwise.base.CsvText;

/**
 * CSV table of curves: a header {@code run,kind,step,seconds,value,smoothed}, then one line per point. The kind is
 * {@code training} or {@code evaluation}. Values are written without loss of precision; a gap is an empty field.
 */
final class CurveCsv {

    private final StringBuilder text = new StringBuilder("run,kind,step,seconds,value,smoothed\n");

    void add(String run, CurveData points, CurveData evaluations) {
        add(run, "training", points, true);
        add(run, "evaluation", evaluations, false);
    }

    private void add(String run, String kind, CurveData data, boolean smoothed) {
        for (int i = 0; i < data.size(); i++) {
            CurveChart.Point point = data.point(i);
            text.append(String.join(
                            ",",
                            CsvText.quoted(run),
                            kind,
                            String.valueOf(point.step()),
                            CsvText.number(point.seconds()),
                            CsvText.number(point.value()),
                            CsvText.number(smoothed ? data.smoothed(i) : Double.NaN)))
                    .append('\n');
        }
    }

    String text() {
        return text.toString();
    }
}
