package org.layerwise.gui.experiment;

import static org.layerwise.gui.common.Messages.text;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jfree.chart.JFreeChart;
import org.layerwise.chart.GroupsChart;
import org.layerwise.chart.IntervalsChart;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.Figure;
import org.layerwise.study.experiment.outcome.Outcome;
import org.layerwise.study.experiment.outcome.OutcomeCharts;

/** Creates the figures of an outcome. A figure keeps the values of the time of its creation. */
final class OutcomeFigures {

    private static final String KIND = "experiment";

    private OutcomeFigures() {}

    /** Kind of figure, in the order of the pane. */
    enum Kind {
        PARAMETERS,
        DIFFERENCES,
        METRIC,
        RANKS;

        /** Returns the name in ids and files. */
        String id() {
            return KIND + "-" + name().toLowerCase(Locale.ROOT);
        }

        /** Returns the title for people. */
        String title() {
            return text("experiment.figure." + name().toLowerCase(Locale.ROOT));
        }

        private Optional<Drawn> draw(OutcomeCharts charts, ChartStyle style) {
            return switch (this) {
                case PARAMETERS -> Optional.of(Drawn.of(charts.tradeOff(style)));
                case DIFFERENCES -> charts.differences(style).map(Drawn::of);
                case METRIC -> Optional.of(Drawn.of(charts.metric(style)));
                case RANKS -> charts.ranks(style).map(Drawn::of);
            };
        }
    }

    /** Chart with its size in a paper. */
    private record Drawn(JFreeChart chart, ChartSize size) {

        static Drawn of(GroupsChart chart) {
            return new Drawn(chart.chart(), chart.exportSize());
        }

        static Drawn of(IntervalsChart chart) {
            return new Drawn(chart.chart(), chart.exportSize());
        }
    }

    /**
     * Returns a figure; empty if the outcome does not have it. While an experiment runs, that is only the metric against
     * the parameters.
     */
    static Optional<Figure> of(Kind kind, Outcome outcome) {
        Outcome begun = outcome.begun();
        if (begun.arms().isEmpty() || !outcome.ended() && kind != Kind.PARAMETERS) {
            return Optional.empty();
        }
        OutcomeCharts charts = new OutcomeCharts(begun);
        return kind.draw(charts, ChartStyle.light())
                .map(drawn -> new Figure(
                        KIND,
                        kind.title(),
                        kind.id(),
                        drawn.size(),
                        style -> kind.draw(charts, style).orElseThrow().chart(),
                        () -> OutcomeSheet.of(begun).csv()));
    }

    /** Returns all figures that an outcome has. */
    static List<Figure> all(Outcome outcome) {
        return Arrays.stream(Kind.values())
                .flatMap(kind -> of(kind, outcome).stream())
                .toList();
    }
}
