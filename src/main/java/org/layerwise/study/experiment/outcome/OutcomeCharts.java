package org.layerwise.study.experiment.outcome;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.GroupsChart;
import org.layerwise.chart.IntervalsChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.data.Excerpt;

/** Draws the figures of an outcome. */
public record OutcomeCharts(Outcome outcome) {

    private String quantity() {
        return "%s (%s)".formatted(Excerpt.sentence(outcome.metric().name()), outcome.rows());
    }

    /** Returns the chart of the metric of each arm. */
    public IntervalsChart metric(ChartStyle style) {
        return new IntervalsChart(List.of(quantity()), metrics(), quantity(), "95 % interval", null, style);
    }

    /** Returns the chart of the metric against the number of parameters. */
    public GroupsChart tradeOff(ChartStyle style) {
        return GroupsChart.along("Parameters in the adapters", groups(), quantity(), style);
    }

    private List<IntervalsChart.Line> metrics() {
        return outcome.arms().stream()
                .map(arm -> new IntervalsChart.Line(
                        arm.words(), List.of(new IntervalsChart.Mark(arm.mean(), arm.interval(), arm.inOrder()))))
                .toList();
    }

    private List<GroupsChart.Group> groups() {
        return outcome.arms().stream()
                .map(arm -> new GroupsChart.Group(
                        arm.words(), arm.adapterParameters(), arm.inOrder(), arm.mean(), arm.interval()))
                .toList();
    }

    /** Returns the chart of the differences from all and from random layers; empty if there are none. */
    public Optional<IntervalsChart> differences(ChartStyle style) {
        Map<String, Function<ArmOutcome, ArmOutcome.@Nullable Difference>> series = new LinkedHashMap<>();
        if (outcome.arms().stream().anyMatch(arm -> arm.fromAll() != null)) {
            series.put("from all layers", ArmOutcome::fromAll);
        }
        if (outcome.arms().stream().anyMatch(arm -> arm.fromRandom() != null)) {
            series.put("from random layers", ArmOutcome::fromRandom);
        }
        List<IntervalsChart.Line> lines = new ArrayList<>();
        for (ArmOutcome arm : outcome.arms()) {
            List<IntervalsChart.@Nullable Mark> marks = new ArrayList<>();
            for (Function<ArmOutcome, ArmOutcome.@Nullable Difference> one : series.values()) {
                ArmOutcome.Difference difference = one.apply(arm);
                marks.add(
                        difference == null
                                ? null
                                : new IntervalsChart.Mark(difference.value(), difference.interval(), List.of()));
            }
            if (marks.stream().anyMatch(Objects::nonNull)) {
                lines.add(new IntervalsChart.Line(arm.words(), marks));
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
                        "%s interval, all together".formatted(level(outcome.level())),
                        0.0,
                        style));
    }

    /** Returns the chart of the mean ranks; empty if fewer than two arms share fewer than two seeds. */
    public Optional<IntervalsChart> ranks(ChartStyle style) {
        return ArmRanks.of(outcome).map(ranks -> {
            List<IntervalsChart.Line> lines = ranks.arms().stream()
                    .map(arm -> new IntervalsChart.Line(
                            arm.arm().words(),
                            List.of(new IntervalsChart.Mark(arm.mean(), arm.interval(), arm.bySeed()))))
                    .toList();
            return new IntervalsChart(
                    List.of("rank"), lines, "Rank among the arms (1 is best)", "95 % interval", null, style);
        });
    }

    /** Formats a confidence level, such as {@code 95 %}. */
    public static String level(double level) {
        return BigDecimal.valueOf(level * 100)
                        .setScale(1, RoundingMode.HALF_EVEN)
                        .stripTrailingZeros()
                        .toPlainString()
                + " %";
    }
}
