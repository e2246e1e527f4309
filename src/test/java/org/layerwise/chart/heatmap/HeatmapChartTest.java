package org.layerwise.chart.heatmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jfree.chart.entity.ChartEntity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.chart.ChartSamples;
import org.layerwise.chart.Drawn;
import org.layerwise.chart.style.ChartFonts;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ChartTheme;
import org.layerwise.chart.style.ColourScale;

class HeatmapChartTest {

    private static final ChartStyle LIGHT = ChartStyle.light();
    private static final ColourScale VIRIDIS = ColourScale.similarities();
    private static final HeatmapAxes ONE = HeatmapAxes.ofOneModel(true);
    private static final ChartSize SIZE = new ChartSize(640, 540);

    @ParameterizedTest
    @CsvSource({"4, 1", "12, 1.1458333", "12, 3.125", "32, 1.5", "80, 1", "80, 1.37", "32, 2.5", "12, 1.25"})
    void everyPixelOfACellHasTheColourOfItsValue(int layers, double scale) {
        SimilarityMatrix matrix = ChartSamples.matrix(layers);
        Drawn drawn = new Drawn(ChartSamples.heatmap(matrix, "CKA", LIGHT).chart(), SIZE, scale);
        Map<HeatmapChart.Pair, ChartEntity> cells = cells(drawn);

        assertThat(cells).hasSize((layers + 1) * (layers + 1));
        cells.forEach((pair, entity) -> matrix.value(pair.row(), pair.column())
                .ifPresent(value ->
                        assertThat(drawn.colours(entity)).containsExactly(VIRIDIS.colour(value, ChartTheme.LIGHT))));
    }

    @Test
    void hatchingStaysInItsCell() {
        HeatmapChart heatmap = ChartSamples.heatmap(ChartSamples.matrix(12), "CKA", LIGHT);
        heatmap.put(List.of(new HeatmapChart.Cell(6, 6, new Similarity.Undefined("constant"))));
        Drawn drawn = new Drawn(heatmap.chart(), SIZE, 1.7);
        Map<HeatmapChart.Pair, ChartEntity> cells = cells(drawn);

        for (int row = 5; row <= 7; row++) {
            for (int column = 5; column <= 7; column++) {
                boolean undefined = row == 6 && column == 6;
                assertThat(drawn.colours(cells.get(new HeatmapChart.Pair(row, column)))
                                        .size()
                                > 1)
                        .isEqualTo(undefined);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ChartTheme.class)
    void undefinedCellsAreHatchedAndUnknownOnesBlank(ChartTheme theme) {
        ChartStyle style = new ChartStyle(theme, ChartFonts.inter(), 1);
        HeatmapChart heatmap = new HeatmapChart(5, 5, "CKA", VIRIDIS, ONE, style);
        heatmap.put(List.of(
                new HeatmapChart.Cell(0, 1, new Similarity.Undefined("constant")),
                new HeatmapChart.Cell(2, 3, new Similarity.Value(0.5))));
        Drawn drawn = new Drawn(heatmap.chart(), SIZE, 2);
        Map<HeatmapChart.Pair, ChartEntity> cells = cells(drawn);

        assertThat(drawn.colours(cells.get(new HeatmapChart.Pair(0, 1))))
                .contains(theme.undefined(), theme.hatch())
                .doesNotContain(theme.subtle());
        assertThat(drawn.colours(cells.get(new HeatmapChart.Pair(4, 4)))).containsExactly(theme.subtle());
        assertThat(drawn.centre(cells.get(new HeatmapChart.Pair(2, 3)))).isEqualTo(VIRIDIS.colour(0.5, theme));
        assertThat(drawn.at(2, 2)).isEqualTo(theme.canvas());
    }

    @ParameterizedTest
    @CsvSource({"640, 540", "900, 300", "300, 900", "331, 293"})
    void cellsAreSquareAndStateZeroIsAtTheLowerLeft(int width, int height) {
        Drawn drawn = new Drawn(
                ChartSamples.heatmap(ChartSamples.matrix(12), "CKA", LIGHT).chart(), new ChartSize(width, height), 1);
        Map<HeatmapChart.Pair, ChartEntity> cells = cells(drawn);
        Rectangle2D first = cells.get(new HeatmapChart.Pair(0, 0)).getArea().getBounds2D();
        Rectangle2D last = cells.get(new HeatmapChart.Pair(12, 12)).getArea().getBounds2D();
        Rectangle2D all = first.createUnion(last);

        assertThat(all.getWidth()).isEqualTo(all.getHeight()).isGreaterThan(Math.min(width, height) * 0.4);
        assertThat(first.getX()).isLessThan(last.getX());
        assertThat(first.getY()).isGreaterThan(last.getY());
        assertThat(new Rectangle2D.Double(0, 0, width, height).contains(all)).isTrue();
        assertThat(drawn.at(width - 1, height - 1)).isEqualTo(ChartTheme.LIGHT.canvas());
    }

    @Test
    void aPaneThatIsDraggedShutIsNoError() {
        for (int side = 50; side < 150; side += 7) {
            new Drawn(
                    ChartSamples.heatmap(ChartSamples.matrix(12), "CKA", LIGHT).chart(), new ChartSize(side, side), 1);
        }
    }

    @Test
    void saysTheExactValueOfAPair() {
        HeatmapChart heatmap = new HeatmapChart(8, 8, "CKA", VIRIDIS, ONE, LIGHT);
        heatmap.put(List.of(
                new HeatmapChart.Cell(6, 5, new Similarity.Value(0.6172839506172839)),
                new HeatmapChart.Cell(2, 5, new Similarity.Value(0.25)),
                new HeatmapChart.Cell(0, 1, new Similarity.Undefined("It does not vary."))));
        Map<HeatmapChart.Pair, ChartEntity> cells = cells(new Drawn(heatmap.chart(), SIZE, 1));

        assertThat(cells.get(new HeatmapChart.Pair(6, 5)).getToolTipText())
                .isEqualTo("Hidden states 5 → 6 (layer 5)   CKA 0.6172839506172839");
        assertThat(cells.get(new HeatmapChart.Pair(2, 5)).getToolTipText()).isEqualTo("Hidden states 2 → 5   CKA 0.25");
        assertThat(cells.get(new HeatmapChart.Pair(0, 1)).getToolTipText())
                .isEqualTo("Hidden states 0 → 1 (layer 0)   CKA undefined: It does not vary.");
        assertThat(cells.get(new HeatmapChart.Pair(7, 7)).getToolTipText()).endsWith("not computed yet");
    }

    @Test
    void namesTheRowFirstIfTheOrderOfAPairMatters() {
        HeatmapChart heatmap = new HeatmapChart(8, 8, "PWCCA", VIRIDIS, HeatmapAxes.ofOneModel(false), LIGHT);
        heatmap.put(List.of(
                new HeatmapChart.Cell(6, 5, new Similarity.Value(0.5)),
                new HeatmapChart.Cell(5, 6, new Similarity.Value(0.25))));
        Map<HeatmapChart.Pair, ChartEntity> cells = cells(new Drawn(heatmap.chart(), SIZE, 1));
        assertThat(cells.get(new HeatmapChart.Pair(6, 5)).getToolTipText())
                .isEqualTo("Hidden states 6 → 5   PWCCA 0.5");
        assertThat(cells.get(new HeatmapChart.Pair(5, 6)).getToolTipText())
                .isEqualTo("Hidden states 5 → 6 (layer 5)   PWCCA 0.25");
    }

    @Test
    void marksAPairAndItsMirrorImageOnly() {
        HeatmapChart heatmap = ChartSamples.heatmap(ChartSamples.matrix(12), "CKA", LIGHT);
        Drawn before = new Drawn(heatmap.chart(), SIZE, 1);
        heatmap.highlight(HeatmapChart.Pair.ofLayer(4));
        Drawn marked = new Drawn(heatmap.chart(), SIZE, 1);
        Map<HeatmapChart.Pair, ChartEntity> cells = cells(marked);
        heatmap.highlight(null);

        assertThat(marked.colours(cells.get(new HeatmapChart.Pair(4, 5)))).hasSizeGreaterThan(1);
        assertThat(marked.colours(cells.get(new HeatmapChart.Pair(5, 4)))).hasSizeGreaterThan(1);
        assertThat(marked.colours(cells.get(new HeatmapChart.Pair(9, 10)))).hasSize(1);
        assertThat(new Drawn(heatmap.chart(), SIZE, 1).samePixels(before)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"12, 6", "6, 12", "2, 30"})
    void twoModelsAreARectangleOfSquareCells(int rows, int columns) {
        SimilarityMatrix matrix = ChartSamples.rectangle(rows, columns);
        HeatmapChart heatmap =
                HeatmapChart.of(matrix, "CKA", VIRIDIS, HeatmapAxes.of("bert", "distilbert"), ChartStyle.dark());
        Drawn drawn = new Drawn(heatmap.chart(), SIZE, 2);
        Map<HeatmapChart.Pair, ChartEntity> cells = cells(drawn);

        assertThat(cells).hasSize((rows + 1) * (columns + 1));
        Rectangle2D all = new Rectangle2D.Double();
        all.setRect(cells.get(new HeatmapChart.Pair(0, 0)).getArea().getBounds2D());
        all = all.createUnion(
                cells.get(new HeatmapChart.Pair(rows, columns)).getArea().getBounds2D());
        assertThat(all.getWidth() / (columns + 1)).isCloseTo(all.getHeight() / (rows + 1), within(1.0));
        assertThat(drawn.colours(cells.get(new HeatmapChart.Pair(rows, columns))))
                .hasSize(1);
        assertThat(cells.get(new HeatmapChart.Pair(1, 3)).getToolTipText())
                .isEqualTo("Hidden state 1 of bert, 3 of distilbert   CKA "
                        + matrix.value(1, 3).getAsDouble());
    }

    @Test
    void aPairOfTwoModelsHasNoMirrorImage() {
        HeatmapChart heatmap =
                HeatmapChart.of(ChartSamples.rectangle(12, 12), "CKA", VIRIDIS, HeatmapAxes.of("one", "other"), LIGHT);
        heatmap.highlight(new HeatmapChart.Pair(4, 9));
        Drawn drawn = new Drawn(heatmap.chart(), SIZE, 2);
        Map<HeatmapChart.Pair, ChartEntity> cells = cells(drawn);

        assertThat(drawn.colours(cells.get(new HeatmapChart.Pair(4, 9)))).contains(Color.BLACK);
        assertThat(drawn.colours(cells.get(new HeatmapChart.Pair(9, 4)))).doesNotContain(Color.BLACK);
    }

    @Test
    void framesABlock() {
        HeatmapChart heatmap = HeatmapChart.of(ChartSamples.rectangle(12, 12), "CKA", VIRIDIS, ONE, LIGHT);
        heatmap.frame(new HeatmapChart.Pair(8, 8), new HeatmapChart.Pair(4, 4));
        Drawn drawn = new Drawn(heatmap.chart(), SIZE, 2);
        Map<HeatmapChart.Pair, ChartEntity> cells = cells(drawn);

        assertThat(drawn.colours(cells.get(new HeatmapChart.Pair(4, 8)))).contains(Color.BLACK);
        assertThat(drawn.colours(cells.get(new HeatmapChart.Pair(6, 6)))).hasSize(1);
        assertThat(drawn.colours(cells.get(new HeatmapChart.Pair(10, 10)))).hasSize(1);
    }

    @Test
    void redrawsOnceForAnyChange() {
        HeatmapChart heatmap = new HeatmapChart(13, 13, "CKA", VIRIDIS, ONE, LIGHT);
        AtomicInteger redrawn = new AtomicInteger();
        heatmap.chart().addChangeListener(event -> redrawn.incrementAndGet());

        heatmap.put(ChartSamples.matrix(12));
        assertThat(redrawn).hasValue(1);
        heatmap.restyle(ChartStyle.dark());
        assertThat(redrawn).hasValue(2);
        heatmap.highlight(new HeatmapChart.Pair(1, 2));
        assertThat(redrawn).hasValue(3);
    }

    @Test
    void refusesAMatrixOfAnotherModel() {
        HeatmapChart heatmap = new HeatmapChart(13, 13, "CKA", VIRIDIS, ONE, LIGHT);

        assertThatThrownBy(() -> heatmap.put(ChartSamples.matrix(4))).isInstanceOf(IllegalArgumentException.class);
    }

    private static Map<HeatmapChart.Pair, ChartEntity> cells(Drawn drawn) {
        Map<HeatmapChart.Pair, ChartEntity> cells = new HashMap<>();
        for (ChartEntity entity : drawn.entities()) {
            HeatmapChart.pairOf(entity).ifPresent(pair -> cells.put(pair, entity));
        }
        return cells;
    }
}
