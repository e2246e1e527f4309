package org.layerwise.gui.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.fx.ChartCanvas;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.chart.heatmap.HeatmapAxes;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.ranking.ImportanceData;
import org.layerwise.chart.ranking.RankingChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.selection.LayerLocks;

/**
 * Drawing of charts out of sight before the first one appears. It loads classes and fonts, for which the window would stall.
 */
public final class ChartWarmUp {

    private static final int SIZE = 13;
    private static final int SIDE = 400;
    private static final String MEASURE = "CKA";

    private ChartWarmUp() {}

    /** Draws the charts of an analysis. May be called on any thread. */
    public static void draw(ChartStyle style) {
        for (JFreeChart chart : List.of(heatmap(style), ranking(style))) {
            ChartCanvas canvas = new ChartCanvas(chart);
            canvas.setWidth(SIDE);
            canvas.setHeight(SIDE);
        }
    }

    private static JFreeChart heatmap(ChartStyle style) {
        HeatmapChart chart =
                new HeatmapChart(SIZE, SIZE, MEASURE, ColourScale.similarities(), HeatmapAxes.ofOneModel(true), style);
        List<HeatmapChart.Cell> cells = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            for (int j = 0; j < SIZE; j++) {
                cells.add(new HeatmapChart.Cell(i, j, similarity(i, j)));
            }
        }
        chart.put(cells);
        chart.highlight(HeatmapChart.Pair.ofLayer(0));
        return chart.chart();
    }

    private static JFreeChart ranking(ChartStyle style) {
        LayerImportance importance = LayerImportance.ofSimilarities(IntStream.range(0, SIZE - 1)
                .mapToObj(layer -> similarity(layer, 2 * layer))
                .toList());
        RankingChart chart = new RankingChart(new ImportanceData(MEASURE, importance, null, null), style);
        chart.select(new TreeSet<>(List.of(0)), LayerLocks.none());
        return chart.chart();
    }

    /** Returns values of the whole scale, the last one undefined. */
    private static Similarity similarity(int i, int j) {
        return i == SIZE - 1 ? new Similarity.Undefined("") : new Similarity.Value((double) Math.abs(i - j) / SIZE);
    }
}
