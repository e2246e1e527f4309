package org.layerwise.gui.analysis;

import static org.layerwise.gui.text.Messages.text;

import java.util.function.Function;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.chart.ChartStyle;
import org.layerwise.chart.ColourScale;
import org.layerwise.chart.HeatmapAxes;
import org.layerwise.chart.HeatmapChart;
import org.layerwise.chart.ImportanceCsv;
import org.layerwise.chart.ImportanceData;
import org.layerwise.chart.ImportanceOverlayChart;
import org.layerwise.chart.RankingChart;
import org.layerwise.chart.SimilarityCsv;
import org.layerwise.gui.chart.Exports;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.selection.SelectionViewModel;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.selection.LayerSelection;
import org.layerwise.study.MeasureResult;

/** Writes the charts to picture files. They are drawn anew from their values, off the FX thread. */
public final class ChartFiles {

    private final AnalysisViewModel analysis;
    private final SelectionViewModel selection;
    private final Exports exports;

    public ChartFiles(AnalysisViewModel analysis, SelectionViewModel selection, Exports exports) {
        this.analysis = analysis;
        this.selection = selection;
        this.exports = exports;
    }

    /** Asks for size and place and writes the heatmap. */
    public void exportHeatmap() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        MeasureResult result = analysis.resultProperty().get();
        SimilarityMatrix done = result == null ? null : result.similarity();
        if (entry == null || result == null || done == null) {
            return;
        }
        ColourScale colours = analysis.colours().scale();
        Function<ChartStyle, HeatmapChart> draw =
                style -> HeatmapChart.of(done, result.measure().title(), colours, HeatmapAxes.ofOneModel(), style);
        exports.png(new Figure(
                text("export.heatmap"),
                name("heatmap", entry, result),
                draw.apply(ChartStyle.light()).exportSize(),
                draw.andThen(HeatmapChart::chart)));
    }

    /** Asks for size and place and writes the ranking with its selection. */
    public void exportRanking() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        MeasureResult result = analysis.resultProperty().get();
        LayerSelection layers = selection.selectionProperty().get();
        if (entry == null || result == null || layers == null) {
            return;
        }
        Function<ChartStyle, RankingChart> draw = style -> {
            RankingChart chart = new RankingChart(data(result), style);
            chart.select(layers.layers(), layers.reason().locks());
            return chart;
        };
        exports.png(new Figure(
                text("export.ranking"),
                name("ranking", entry, result),
                draw.apply(ChartStyle.light()).exportSize(),
                draw.andThen(RankingChart::chart)));
    }

    /** Asks for size and place and writes the overlay. */
    public void exportOverlay() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        OverlayViewModel.Overlay shown = analysis.overlay().overlayProperty().get();
        if (entry == null || shown.series().isEmpty()) {
            return;
        }
        Function<ChartStyle, ImportanceOverlayChart> draw =
                style -> new ImportanceOverlayChart(shown.series(), shown.quantity(), shown.scaled(), style);
        exports.png(new Figure(
                text("export.overlay"),
                "overlay-" + entry.analysis().task(),
                draw.apply(ChartStyle.light()).exportSize(),
                draw.andThen(ImportanceOverlayChart::chart)));
    }

    /** Asks for a place and writes the values of the heatmap as a table. */
    public void exportHeatmapValues() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        MeasureResult result = analysis.resultProperty().get();
        SimilarityMatrix done = result == null ? null : result.similarity();
        if (entry != null && result != null && done != null) {
            exports.csv(name("similarity", entry, result), () -> SimilarityCsv.text(done));
        }
    }

    /** Asks for a place and writes the values of the ranking as a table, with its intervals and what unrelated data give. */
    public void exportRankingValues() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        MeasureResult result = analysis.resultProperty().get();
        if (entry != null && result != null) {
            exports.csv(name("importance", entry, result), () -> ImportanceCsv.text(data(result)));
        }
    }

    /** Asks for a place and writes the values of the overlay as a table. */
    public void exportOverlayValues() {
        AnalysisEntry entry = analysis.analysisProperty().get();
        OverlayViewModel.Overlay shown = analysis.overlay().overlayProperty().get();
        if (entry != null && !shown.series().isEmpty()) {
            exports.csv("overlay-" + entry.analysis().task(), () -> ImportanceCsv.text(shown.series()));
        }
    }

    private static ImportanceData data(MeasureResult result) {
        return ImportanceData.of(result.measure(), result.importance(), result.uncertainty(), result.baseline());
    }

    private static String name(String what, AnalysisEntry entry, MeasureResult result) {
        String task = entry.analysis().task();
        return result.measure() == entry.analysis().primary().measure()
                ? "%s-%s".formatted(what, task)
                : "%s-%s-%s".formatted(what, task, result.measure().id());
    }
}
