package org.layerwise.study.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.layerwise.base.Statistics;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.GroupsChart;
import org.layerwise.chart.IntervalsChart;
import org.layerwise.chart.curve.CurveChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.run.Run;
import org.layerwise.run.RunHistory;
import org.layerwise.study.experiment.outcome.OutcomeCharts;

/** Draws the pictures of an experiment. */
record ExperimentCharts(ExperimentResult result) {

    static final String METRIC = "metric.png";
    static final String TRADE_OFF = "parameters.png";
    static final String DIFFERENCES = "differences.png";
    static final String RANKS = "ranks.png";
    static final String CURVES = "curves.png";

    private static final double DPI = 192;

    /** Writes all pictures into a folder. */
    void write(Path folder) {
        ChartStyle style = ChartStyle.light();
        OutcomeCharts figures = new OutcomeCharts(result.outcome());
        write(figures.metric(style), folder.resolve(METRIC));
        GroupsChart tradeOff = figures.tradeOff(style);
        ChartExport.png(tradeOff.chart(), tradeOff.exportSize(), DPI, folder.resolve(TRADE_OFF));
        figures.differences(style).ifPresent(chart -> write(chart, folder.resolve(DIFFERENCES)));
        figures.ranks(style).ifPresent(chart -> write(chart, folder.resolve(RANKS)));
        CurveChart curves = curves();
        ChartExport.png(curves.chart(), curves.exportSize(), DPI, folder.resolve(CURVES));
    }

    private static void write(IntervalsChart chart, Path file) {
        ChartExport.png(chart.chart(), chart.exportSize(), DPI, file);
    }

    private CurveChart curves() {
        CurveChart chart = new CurveChart("Training loss", ChartStyle.light());
        for (ArmResult arm : result.arms()) {
            if (!arm.arm().isTrained()) {
                continue;
            }
            List<RunHistory> histories = arm.runs().stream()
                    .map(run -> Run.open(
                                    result.settings().out().resolve(run.cell().folder()))
                            .history())
                    .toList();
            String name = arm.arm().words();
            chart.append(name, means(histories, history -> history.steps().stream()
                    .map(step -> new CurveChart.Point(step.step(), step.loss()))
                    .toList()));
            means(histories, history -> history.evaluations().stream()
                            .filter(evaluated -> evaluated.prefix().equals("eval"))
                            .map(evaluated -> new CurveChart.Point(
                                    evaluated.step(), evaluated.evaluation().loss()))
                            .toList())
                    .forEach(point -> chart.appendEvaluation(name, point));
        }
        return chart;
    }

    /** Returns the means over the runs at each step that all runs have. */
    private static List<CurveChart.Point> means(
            List<RunHistory> histories, Function<RunHistory, List<CurveChart.Point>> points) {
        Map<Long, List<Double>> byStep = new TreeMap<>();
        for (RunHistory history : histories) {
            for (CurveChart.Point point : points.apply(history)) {
                byStep.computeIfAbsent(point.step(), step -> new ArrayList<>()).add(point.value());
            }
        }
        return byStep.entrySet().stream()
                .filter(entry -> entry.getValue().size() == histories.size())
                .map(entry -> new CurveChart.Point(entry.getKey(), Statistics.mean(entry.getValue())))
                .collect(Collectors.toList());
    }
}
