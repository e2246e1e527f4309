package org.layerwise.study.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Statistics;
import org.layerwise.chart.ChartExport;
import org.layerwise.chart.GroupsChart;
import org.layerwise.chart.IntervalsChart;
import org.layerwise.chart.curve.CurveChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.data.Excerpt;
import org.layerwise.run.Run;
import org.layerwise.run.RunHistory;

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
        write(metric(style), folder.resolve(METRIC));
        GroupsChart tradeOff = tradeOff(style);
        ChartExport.png(tradeOff.chart(), tradeOff.exportSize(), DPI, folder.resolve(TRADE_OFF));
        differences(style).ifPresent(chart -> write(chart, folder.resolve(DIFFERENCES)));
        ranks(style).ifPresent(chart -> write(chart, folder.resolve(RANKS)));
        CurveChart curves = curves();
        ChartExport.png(curves.chart(), curves.exportSize(), DPI, folder.resolve(CURVES));
    }

    private String quantity() {
        return "%s (%s)"
                .formatted(
                        Excerpt.sentence(result.metric().name()), result.rows().words());
    }

    /** Returns the chart of the metric of each arm. */
    IntervalsChart metric(ChartStyle style) {
        return new IntervalsChart(List.of(quantity()), metrics(), quantity(), "95 % interval", null, style);
    }

    /** Returns the chart of the metric against the number of parameters. */
    GroupsChart tradeOff(ChartStyle style) {
        return GroupsChart.along("Parameters in the adapters", groups(), quantity(), style);
    }

    private static void write(IntervalsChart chart, Path file) {
        ChartExport.png(chart.chart(), chart.exportSize(), DPI, file);
    }

    private List<IntervalsChart.Line> metrics() {
        return result.arms().stream()
                .map(arm -> new IntervalsChart.Line(
                        arm.arm().words(), List.of(new IntervalsChart.Mark(arm.mean(), arm.interval(), arm.values()))))
                .toList();
    }

    private List<GroupsChart.Group> groups() {
        return result.arms().stream()
                .map(arm -> new GroupsChart.Group(
                        arm.arm().words(), arm.adapterParameters(), arm.values(), arm.mean(), arm.interval()))
                .toList();
    }

    /** Returns the chart of the differences from all and from random layers; empty if there are none. */
    Optional<IntervalsChart> differences(ChartStyle style) {
        Map<String, Function<ArmResult, ArmResult.@Nullable Difference>> series = new LinkedHashMap<>();
        if (result.arms().stream().anyMatch(arm -> arm.fromAll() != null)) {
            series.put("from all layers", ArmResult::fromAll);
        }
        if (result.arms().stream().anyMatch(arm -> arm.fromRandom() != null)) {
            series.put("from random layers", ArmResult::fromRandom);
        }
        List<IntervalsChart.Line> lines = new ArrayList<>();
        for (ArmResult arm : result.arms()) {
            List<IntervalsChart.@Nullable Mark> marks = new ArrayList<>();
            for (Function<ArmResult, ArmResult.@Nullable Difference> one : series.values()) {
                ArmResult.Difference difference = one.apply(arm);
                marks.add(
                        difference == null
                                ? null
                                : new IntervalsChart.Mark(difference.value(), difference.interval(), List.of()));
            }
            if (marks.stream().anyMatch(Objects::nonNull)) {
                lines.add(new IntervalsChart.Line(arm.arm().words(), marks));
            }
        }
        return lines.isEmpty()
                ? Optional.empty()
                : Optional.of(new IntervalsChart(
                        List.copyOf(series.keySet()),
                        lines,
                        series.size() == 1
                                ? "%s, difference %s"
                                        .formatted(
                                                quantity(),
                                                series.keySet().iterator().next())
                                : quantity() + ", difference",
                        "%s interval, all together".formatted(ReportNumbers.level(result.arms())),
                        0.0,
                        style));
    }

    /** Returns the chart of the mean ranks; empty if fewer than two arms share fewer than two seeds. */
    Optional<IntervalsChart> ranks(ChartStyle style) {
        return ArmRanks.of(result).map(ranks -> {
            List<IntervalsChart.Line> lines = ranks.arms().stream()
                    .map(arm -> new IntervalsChart.Line(
                            arm.arm().words(),
                            List.of(new IntervalsChart.Mark(arm.mean(), arm.interval(), arm.bySeed()))))
                    .toList();
            return new IntervalsChart(
                    List.of("rank"), lines, "Rank among the arms (1 is best)", "95 % interval", null, style);
        });
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
