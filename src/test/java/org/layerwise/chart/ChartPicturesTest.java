package org.layerwise.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.chart.curve.CurveChart;
import org.layerwise.chart.curve.OverlapCurveChart;
import org.layerwise.chart.heatmap.AgreementChart;
import org.layerwise.chart.heatmap.HeatmapAxes;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.ranking.ImportanceData;
import org.layerwise.chart.ranking.ImportanceOverlayChart;
import org.layerwise.chart.ranking.RankingChart;
import org.layerwise.chart.style.ChartFonts;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ChartTheme;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.selection.LayerKind;
import org.layerwise.selection.LayerKinds;

/** Every chart in every size, light and dark, under {@code target/looks}: to be looked at after a change. */
class ChartPicturesTest {

    private static final Path LOOKS = Path.of("target", "looks");
    private static final double DPI = 144;

    @ParameterizedTest
    @EnumSource(ChartTheme.class)
    void heatmapsAndRankings(ChartTheme theme) throws Exception {
        ChartStyle style = new ChartStyle(theme, ChartFonts.inter(), 1);
        for (int layers : List.of(4, 12, 32, 80)) {
            HeatmapChart heatmap = ChartSamples.heatmap(ChartSamples.matrix(layers), "Linear CKA", style);
            write(heatmap.chart(), heatmap.exportSize(), "heatmap", layers, theme);
            RankingChart ranking = ChartSamples.ranking(ChartSamples.importance(layers), style);
            ranking.select(ChartSamples.half(layers), ChartSamples.locks(layers));
            write(ranking.chart(), ranking.exportSize(), "ranking", layers, theme);
        }
    }

    @ParameterizedTest
    @EnumSource(ChartTheme.class)
    void kindsOfLayers(ChartTheme theme) throws Exception {
        ChartStyle style = new ChartStyle(theme, ChartFonts.inter(), 1);
        LayerKinds kinds = new LayerKinds(IntStream.range(0, 32)
                .mapToObj(layer -> Set.of(
                        layer % 4 == 3 ? LayerKind.FULL_ATTENTION : LayerKind.LINEAR_ATTENTION,
                        layer < 3 ? LayerKind.DENSE : LayerKind.MIXTURE))
                .toList());
        HeatmapChart heatmap = HeatmapChart.of(
                ChartSamples.matrix(32),
                "Linear CKA",
                ColourScale.similarities(),
                HeatmapAxes.ofOneModel(true).with(kinds),
                style);
        write(heatmap.chart(), heatmap.exportSize(), "heatmap-kinds", 32, theme);
        RankingChart ranking = new RankingChart(
                new ImportanceData("CKA", ChartSamples.importance(32), ChartSamples.uncertainty(32), null).with(kinds),
                style);
        write(ranking.chart(), ranking.exportSize(), "ranking-kinds", 32, theme);
    }

    @ParameterizedTest
    @EnumSource(ChartTheme.class)
    void liveStates(ChartTheme theme) throws Exception {
        ChartStyle style = new ChartStyle(theme, ChartFonts.inter(), 1);
        HeatmapChart filling =
                new HeatmapChart(13, 13, "Linear CKA", ColourScale.similarities(), HeatmapAxes.ofOneModel(true), style);
        for (int row = 1; row < 7; row++) {
            for (int column = 1; column < 7; column++) {
                filling.put(List.of(new HeatmapChart.Cell(
                        row, column, ChartSamples.matrix(12).at(row, column))));
            }
        }
        filling.highlight(HeatmapChart.Pair.ofLayer(4));
        write(filling.chart(), new ChartSize(420, 460), "heatmap-live", 12, theme);
        RankingChart ranking = ChartSamples.ranking(ChartSamples.importance(12), style);
        ranking.select(ChartSamples.half(12), ChartSamples.locks(12));
        ranking.highlight(4);
        write(ranking.chart(), new ChartSize(300, 340), "ranking-live", 12, theme);
        RankingChart crowded = ChartSamples.ranking(ChartSamples.importance(80), style);
        crowded.select(ChartSamples.half(80), ChartSamples.locks(80));
        write(crowded.chart(), new ChartSize(420, 500), "ranking-crowded", 80, theme);
        CurveChart curves = new CurveChart("Training loss", style);
        curves.append("all layers", ChartSamples.losses(400, 1));
        curves.append("half: 8, 10, 6, 9, 7, 11", ChartSamples.losses(300, 2));
        curves.appendEvaluation("all layers", new CurveChart.Point(200, 0.62));
        curves.appendEvaluation("all layers", new CurveChart.Point(400, 0.48));
        write(curves.chart(), curves.exportSize(), "curves", 2, theme);
    }

    @ParameterizedTest
    @EnumSource(ChartTheme.class)
    void groups(ChartTheme theme) throws Exception {
        ChartStyle style = new ChartStyle(theme, ChartFonts.inter(), 1);
        GroupsChart along = GroupsChart.along("Parameters", ChartSamples.groups(), "Accuracy", style);
        write(along.chart(), along.exportSize(), "groups-along", 4, theme);
    }

    @ParameterizedTest
    @EnumSource(ChartTheme.class)
    void intervals(ChartTheme theme) throws Exception {
        ChartStyle style = new ChartStyle(theme, ChartFonts.inter(), 1);
        IntervalsChart chart = new IntervalsChart(
                List.of("from all layers", "from random layers"),
                ChartSamples.lines(),
                "Accuracy, difference",
                "95 % interval, all together",
                0.0,
                style);
        write(chart.chart(), chart.exportSize(), "intervals", 3, theme);
    }

    @ParameterizedTest
    @EnumSource(ChartTheme.class)
    void trust(ChartTheme theme) throws Exception {
        ChartStyle style = new ChartStyle(theme, ChartFonts.inter(), 1);
        for (int layers : List.of(12, 32)) {
            Uncertainty uncertainty = ChartSamples.uncertainty(layers);
            for (double unrelated : new double[] {0.7, 0.05}) {
                RankingChart ranking = new RankingChart(
                        new ImportanceData(
                                "CKA",
                                ChartSamples.importance(layers),
                                uncertainty,
                                ChartSamples.baseline(layers, unrelated)),
                        style);
                ranking.select(ChartSamples.half(layers), ChartSamples.locks(layers));
                ranking.highlight(4);
                write(ranking.chart(), ranking.exportSize(), "ranking-trust-" + unrelated, layers, theme);
                write(ranking.chart(), new ChartSize(340, 480), "ranking-narrow-" + unrelated, layers, theme);
            }
            OverlapCurveChart curve = new OverlapCurveChart(uncertainty, ChartSamples.importance(layers), style);
            write(curve.chart(), curve.exportSize(), "overlap", layers, theme);
            SelectionProbabilityChart bars = new SelectionProbabilityChart(
                    uncertainty, ChartSamples.importance(layers), ChartSamples.half(layers), style);
            write(bars.chart(), bars.exportSize(), "probability", layers, theme);
            ImportanceOverlayChart overlay = new ImportanceOverlayChart(
                    List.of(
                            new ImportanceOverlayChart.Series("CKA", ChartSamples.importance(layers), uncertainty),
                            new ImportanceOverlayChart.Series("gradient norm", ChartSamples.gradients(layers), null)),
                    "Importance",
                    true,
                    style);
            overlay.highlight(5);
            write(overlay.chart(), overlay.exportSize(), "overlay", layers, theme);
        }
    }

    @ParameterizedTest
    @EnumSource(ChartTheme.class)
    void comparisons(ChartTheme theme) throws Exception {
        ChartStyle style = new ChartStyle(theme, ChartFonts.inter(), 1);
        HeatmapChart two = HeatmapChart.of(
                ChartSamples.rectangle(12, 6),
                "CKA",
                new ColourScale(ColourMap.CIVIDIS, 0, 1),
                HeatmapAxes.of("bert-base", "distilbert"),
                style);
        two.highlight(new HeatmapChart.Pair(3, 2));
        write(two.chart(), two.exportSize(), "heatmap-two", 6, theme);
        HeatmapChart difference = HeatmapChart.of(
                ChartSamples.difference(12),
                "CKA, RTE less SST-2",
                ColourScale.differences(0.5),
                HeatmapAxes.ofOneModel(true),
                style);
        difference.frame(new HeatmapChart.Pair(3, 3), new HeatmapChart.Pair(6, 6));
        write(difference.chart(), difference.exportSize(), "heatmap-difference", 12, theme);
        List<String> measures = List.of("CKA", "debiased CKA", "RBF CKA", "cosine", "gradient norm");
        double[][] taus = {
            {1, 0.93, 0.81, 0.4, -0.21},
            {0.93, 1, 0.78, 0.35, -0.3},
            {0.81, 0.78, 1, 0.5, 0},
            {0.4, 0.35, 0.5, 1, Double.NaN},
            {-0.21, -0.3, 0, Double.NaN, 1}
        };
        AgreementChart agreement = new AgreementChart(measures, taus, "Kendall's tau", style);
        write(agreement.chart(), agreement.exportSize(), "agreement", 5, theme);
    }

    @Test
    void aFigureForASlide() throws Exception {
        ChartStyle large = new ChartStyle(ChartTheme.LIGHT, ChartFonts.inter(), 1.6);
        HeatmapChart heatmap = ChartSamples.heatmap(ChartSamples.matrix(12), "Linear CKA", large);
        write(heatmap.chart(), heatmap.exportSize(), "heatmap-large-text", 12, ChartTheme.LIGHT);
    }

    private static void write(JFreeChart chart, ChartSize size, String kind, int layers, ChartTheme theme)
            throws Exception {
        Path file = LOOKS.resolve(String.format(
                Locale.ROOT, "%s-%02d-%s.png", kind, layers, theme.name().toLowerCase(java.util.Locale.ROOT)));
        ChartExport.png(chart, size, DPI, file);
        assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(Math.round(size.width() * DPI / 96));
    }
}
