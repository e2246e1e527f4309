package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.Set;
import java.util.function.Function;
import org.layerwise.analysis.ExpertLoad;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.chart.heatmap.ExpertLoadChart;
import org.layerwise.chart.heatmap.ExpertLoadCsv;
import org.layerwise.chart.heatmap.HeatmapAxes;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.heatmap.ModuleImportanceChart;
import org.layerwise.chart.heatmap.ModuleImportanceCsv;
import org.layerwise.chart.heatmap.SimilarityCsv;
import org.layerwise.chart.map.HiddenStateMapChart;
import org.layerwise.chart.map.HiddenStateMapCsv;
import org.layerwise.chart.ranking.ImportanceCsv;
import org.layerwise.chart.ranking.ImportanceData;
import org.layerwise.chart.ranking.ImportanceOverlayChart;
import org.layerwise.chart.ranking.RankingChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.gui.analysis.ModulesViewModel.Shown;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.study.analysis.MeasureResult;

/** Creates the figures of an analysis. */
final class AnalysisFigures {

    private AnalysisFigures() {}

    /** Returns the heatmap with the similarity of all pairs of hidden states. */
    static Figure heatmap(AnalysisEntry entry, MeasureResult result, SimilarityMatrix done, ColourScale colours) {
        Function<ChartStyle, HeatmapChart> draw = style -> HeatmapChart.of(
                done,
                result.measure().title(),
                colours,
                HeatmapAxes.ofOneModel(result.measure().isSymmetric())
                        .with(entry.analysis().kinds()),
                style);
        return new Figure(
                "heatmap",
                title("figure.heatmap", entry, result),
                name("heatmap", entry, result),
                draw.apply(ChartStyle.light()).exportSize(),
                draw.andThen(HeatmapChart::chart),
                () -> SimilarityCsv.text(done));
    }

    /** Returns the ranking of layers by importance, with the selected layers marked. */
    static Figure ranking(AnalysisEntry entry, MeasureResult result, LayerSelection layers) {
        ImportanceData data = ImportanceData.of(
                        result.measure(), result.importance(), result.uncertainty(), result.baseline())
                .with(entry.analysis().shares(result, layers).orElse(null))
                .with(entry.analysis().kinds());
        Function<ChartStyle, RankingChart> draw = style -> {
            RankingChart chart = new RankingChart(data, style);
            chart.select(layers.layers(), layers.reason().locks());
            return chart;
        };
        return new Figure(
                "ranking",
                title("figure.ranking", entry, result),
                name("importance", entry, result),
                draw.apply(ChartStyle.light()).exportSize(),
                draw.andThen(RankingChart::chart),
                () -> ImportanceCsv.text(data));
    }

    /** Returns several rankings overlaid in one chart. */
    static Figure overlay(AnalysisEntry entry, OverlayViewModel.Overlay shown) {
        Function<ChartStyle, ImportanceOverlayChart> draw =
                style -> new ImportanceOverlayChart(shown.series(), shown.quantity(), shown.scaled(), style);
        return new Figure(
                "overlay",
                text("figure.overlay", entry.analysis().model(), entry.task()),
                "overlay-" + entry.analysis().task(),
                draw.apply(ChartStyle.light()).exportSize(),
                draw.andThen(ImportanceOverlayChart::chart),
                () -> ImportanceCsv.text(shown.series()));
    }

    /**
     * Returns the heatmap of the importance of linear maps.
     *
     * @param selected names of the linear maps to mark
     */
    static Figure modules(AnalysisEntry entry, Shown shown, Set<String> selected, ColourMap colours) {
        Function<ChartStyle, ModuleImportanceChart> draw = style -> {
            ModuleImportanceChart chart =
                    new ModuleImportanceChart(shown.importance(), shown.layers(), shown.title(), colours, style);
            chart.select(selected);
            return chart;
        };
        return new Figure(
                "modules",
                title("figure.modules", entry, shown.result()),
                name("modules", entry, shown.result()),
                draw.apply(ChartStyle.light()).exportSize(),
                draw.andThen(ModuleImportanceChart::chart),
                () -> ModuleImportanceCsv.text(shown.importance()));
    }

    /**
     * Returns the ranking of the linear maps by importance.
     *
     * @param selected names of the linear maps to mark
     */
    static Figure moduleRanking(AnalysisEntry entry, Shown shown, Set<String> selected) {
        ImportanceData data = ImportanceData.of(
                shown.importance(), shown.title(), shown.ranking().size());
        Function<ChartStyle, RankingChart> draw = style -> {
            RankingChart chart = new RankingChart(data, style);
            chart.select(ModuleRankingView.rows(shown.ranking(), selected), LayerLocks.none());
            return chart;
        };
        return new Figure(
                "module-ranking",
                title("figure.module-ranking", entry, shown.result()),
                name("module-importance", entry, shown.result()),
                draw.apply(ChartStyle.light()).exportSize(),
                draw.andThen(RankingChart::chart),
                () -> ModuleImportanceCsv.text(
                        new ModuleImportance(shown.importance().ranking())));
    }

    /** Returns the map of hidden states. */
    static Figure map(AnalysisEntry entry, HiddenStateMapViewModel.Shown shown) {
        Function<ChartStyle, HiddenStateMapChart> draw = style ->
                new HiddenStateMapChart(shown.map(), shown.result().measure().title(), style);
        return new Figure(
                "map",
                title("figure.map", entry, shown.result()),
                name("map", entry, shown.result()),
                draw.apply(ChartStyle.light()).exportSize(),
                draw.andThen(HiddenStateMapChart::chart),
                () -> HiddenStateMapCsv.text(shown.map()));
    }

    /** Returns the heatmap of the tokens of each expert. */
    static Figure experts(AnalysisEntry entry, ExpertLoad load, ColourMap colours) {
        Function<ChartStyle, ExpertLoadChart> draw = style -> new ExpertLoadChart(load, colours, style);
        return new Figure(
                "experts",
                text("figure.experts", entry.analysis().model(), entry.task()),
                "expert-load-" + entry.analysis().task(),
                draw.apply(ChartStyle.light()).exportSize(),
                draw.andThen(ExpertLoadChart::chart),
                () -> ExpertLoadCsv.text(load));
    }

    private static String title(String key, AnalysisEntry entry, MeasureResult result) {
        return text(key, result.measure().title(), entry.analysis().model(), entry.task());
    }

    private static String name(String what, AnalysisEntry entry, MeasureResult result) {
        String task = entry.analysis().task();
        return result.measure() == entry.analysis().primary().measure()
                ? "%s-%s".formatted(what, task)
                : "%s-%s-%s".formatted(what, task, result.measure().id());
    }
}
