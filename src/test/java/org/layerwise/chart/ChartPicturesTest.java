package org.layerwise.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every chart in every size, light and dark, under {@code target/looks}: to be looked at after a change. */
class ChartPicturesTest {

    private static final Path LOOKS = Path.of("target", "looks");
    private static final double DPI = 144;

    @ParameterizedTest
    @EnumSource(Theme.class)
    void heatmapsAndRankings(Theme theme) throws Exception {
        ChartStyle style = new ChartStyle(theme, ChartFonts.inter(), 1);
        for (int layers : List.of(4, 12, 32, 80)) {
            HeatmapChart heatmap = HeatmapChart.of(ChartSamples.matrix(layers), "Linear CKA", style);
            write(heatmap.chart(), heatmap.exportSize(), "heatmap", layers, theme);
            RankingChart ranking = new RankingChart(ChartSamples.importance(layers), "CKA", style);
            ranking.select(ChartSamples.half(layers), ChartSamples.locks(layers));
            write(ranking.chart(), ranking.exportSize(), "ranking", layers, theme);
        }
    }

    @ParameterizedTest
    @EnumSource(Theme.class)
    void liveStates(Theme theme) throws Exception {
        ChartStyle style = new ChartStyle(theme, ChartFonts.inter(), 1);
        HeatmapChart filling = new HeatmapChart(13, "Linear CKA", 0, 1, style);
        for (int row = 1; row < 7; row++) {
            for (int column = 1; column < 7; column++) {
                filling.put(List.of(new HeatmapChart.Cell(
                        row, column, ChartSamples.matrix(12).at(row, column))));
            }
        }
        filling.highlight(HeatmapChart.Pair.ofLayer(4));
        write(filling.chart(), new ChartSize(420, 460), "heatmap-live", 12, theme);
        RankingChart ranking = new RankingChart(ChartSamples.importance(12), "CKA", style);
        ranking.select(ChartSamples.half(12), ChartSamples.locks(12));
        ranking.highlight(4);
        write(ranking.chart(), new ChartSize(300, 340), "ranking-live", 12, theme);
        RankingChart crowded = new RankingChart(ChartSamples.importance(80), "CKA", style);
        crowded.select(ChartSamples.half(80), ChartSamples.locks(80));
        write(crowded.chart(), new ChartSize(420, 500), "ranking-crowded", 80, theme);
        CurveChart curves = new CurveChart("Training loss", style);
        curves.append("all layers", ChartSamples.losses(400, 1));
        curves.append("half: 8, 10, 6, 9, 7, 11", ChartSamples.losses(300, 2));
        curves.appendEvaluation("all layers", new CurveChart.Point(200, 0.62));
        curves.appendEvaluation("all layers", new CurveChart.Point(400, 0.48));
        write(curves.chart(), curves.exportSize(), "curves", 2, theme);
    }

    @Test
    void aFigureForASlide() throws Exception {
        ChartStyle large = ChartStyle.light().withScale(1.6);
        HeatmapChart heatmap = HeatmapChart.of(ChartSamples.matrix(12), "Linear CKA", large);
        write(heatmap.chart(), heatmap.exportSize(), "heatmap-large-text", 12, Theme.LIGHT);
    }

    private static void write(JFreeChart chart, ChartSize size, String kind, int layers, Theme theme) throws Exception {
        Path file = LOOKS.resolve(
                "%s-%02d-%s.png".formatted(kind, layers, theme.name().toLowerCase(java.util.Locale.ROOT)));
        ChartExport.png(chart, size, DPI, file);
        assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(Math.round(size.width() * DPI / 96));
    }
}
