package org.layerwise.gui.run;

import java.util.List;
import org.layerwise.chart.curve.CurveChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.session.RunEntry;

/**
 * Creates figures from the curves of runs. A figure keeps the curves of the time of its creation, even if the runs
 * continue.
 */
final class CurveFigures {

    private CurveFigures() {}

    /**
     * Creates a figure from a chart.
     *
     * @param drawn chart that is not changed after this call
     */
    static Figure of(Quantity quantity, CurveChart drawn) {
        return new Figure(
                "curves",
                quantity.title(),
                "runs-" + quantity.id(),
                drawn.exportSize(),
                style -> drawn.copy(style).chart(),
                drawn::csv);
    }

    /** Creates a figure for each quantity that at least one of the runs has. */
    static List<Figure> of(List<RunEntry> runs) {
        return Quantity.all(runs).stream()
                .filter(quantity -> runs.stream().anyMatch(run -> has(quantity, run)))
                .map(quantity -> of(quantity, chart(quantity, runs)))
                .toList();
    }

    private static boolean has(Quantity quantity, RunEntry run) {
        return quantity.points(run.steps()).stream().anyMatch(point -> Double.isFinite(point.value()))
                || run.evaluations().stream()
                        .anyMatch(evaluated -> quantity.point(run, evaluated).isPresent());
    }

    private static CurveChart chart(Quantity quantity, List<RunEntry> runs) {
        CurveChart chart = new CurveChart(quantity.title(), ChartStyle.light());
        chart.smooth(quantity.noisy() ? CurveChart.SMOOTHING : 0);
        for (RunEntry run : runs) {
            String label = RunTexts.label(run);
            chart.add(label, run.number() - 1);
            chart.append(label, quantity.points(run.steps()));
            run.evaluations().forEach(evaluated -> quantity.point(run, evaluated)
                    .ifPresent(point -> chart.appendEvaluation(label, point)));
            chart.best(label, quantity.best(run).orElse(null));
        }
        return chart;
    }
}
