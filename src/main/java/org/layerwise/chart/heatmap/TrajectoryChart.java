package org.layerwise.chart.heatmap;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Similarity;
import org.layerwise.chart.axis.LabelAxis;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.chart.style.RedrawGroup;

/**
 * Heatmap of the importance of layers over a training, or of their similarity to one of its checkpoints: a row for each layer, layer 0 at
 * the bottom, and a column for each checkpoint. Undefined values are hatched.
 *
 * <p>Not safe for use by several threads.
 */
public final class TrajectoryChart {

    private static final double TICK_DISTANCE = 22;
    private static final double BAR_TICK_DISTANCE = 40;
    private static final int MOST_LABELS = 14;
    private static final int COLUMN = 44;
    private static final int ROW = 22;
    private static final int LEAST_SIDE = 220;
    private static final int LARGEST_SIDE = 620;
    private static final int WIDER = 190;
    private static final int HIGHER = 90;

    /** Smallest range of the colours of similarities, so that rounding errors of equal checkpoints have no colours. */
    private static final double LEAST_RANGE = 1e-3;

    private final List<String> steps;
    private final TrajectoryValues values;
    private final int layers;
    private final HeatmapRenderer renderer;
    private final HeatmapPlot plot;
    private final LabelAxis x;
    private final RoundAxis y;
    private final RoundAxis bar;
    private final JFreeChart chart;

    /**
     * Creates a chart.
     *
     * @param steps steps of the checkpoints, or their names
     * @param values values at each checkpoint
     */
    public TrajectoryChart(List<String> steps, TrajectoryValues values, ColourMap colourMap, ChartStyle style) {
        this.steps = List.copyOf(steps);
        this.values = values;
        this.layers = values.layers();
        HeatmapCells cells = new HeatmapCells(layers, steps.size());
        cells.put(cells());
        ColourScale colours = colours(colourMap);
        renderer = new HeatmapRenderer(cells, colours, this::describe, style);
        x = new LabelAxis(LabelAxis.some(this.steps, MOST_LABELS), "Training step");
        y = HeatmapPlot.cellAxis("Layer", layers);
        bar = HeatmapPlot.barAxis(values.title(), colours);
        plot = new HeatmapPlot(
                cells, renderer, colours, false, LayerKindMarks.NONE, x, y, bar, HeatmapPlot.UNDEFINED, style);
        plot.fillRoom();
        chart = new JFreeChart(null, style.titles(), plot, false);
        restyle(style);
    }

    /** Returns colours from 0, or the least value if it is negative, to the highest; of similarities, from the least to 1. */
    private ColourScale colours(ColourMap map) {
        DoubleSummaryStatistics all = values.checkpoints().stream()
                .flatMap(List::stream)
                .flatMapToDouble(value -> value.asOptional().stream())
                .summaryStatistics();
        if (values.similarity()) {
            return new ColourScale(map, Math.min(all.getMin(), 1 - LEAST_RANGE), 1);
        }
        double least = Math.min(0, all.getMin());
        return new ColourScale(map, least, Math.max(Math.max(0, all.getMax()), Math.nextUp(least)));
    }

    /** Returns the chart to show or to export. Every call returns the same object. */
    public JFreeChart chart() {
        return chart;
    }

    /** Returns a size for a figure in a paper, which grows with the numbers of checkpoints and layers. */
    public ChartSize exportSize() {
        return new ChartSize(WIDER + side(steps.size() * COLUMN), HIGHER + side(layers * ROW));
    }

    private static int side(int wanted) {
        return Math.max(LEAST_SIDE, Math.min(LARGEST_SIDE, wanted));
    }

    /** Changes the style, keeps the values and redraws once. */
    public void restyle(ChartStyle style) {
        RedrawGroup.once(chart, () -> {
            style.applyTo(chart);
            style.applyTo(x);
            style.applyTo(y);
            style.applyTo(bar);
            y.setSpacing(style.scaled(TICK_DISTANCE));
            bar.setSpacing(style.scaled(BAR_TICK_DISTANCE));
            renderer.restyle(style);
            plot.restyle(style);
        });
    }

    private String describe(int layer, int column, @Nullable Similarity cell) {
        String place = "Step %s, layer %s   %s ".formatted(steps.get(column), layer, values.title());
        return cell instanceof Similarity.Value known ? place + known.value() : place + HeatmapPlot.UNDEFINED;
    }

    private List<HeatmapChart.Cell> cells() {
        List<HeatmapChart.Cell> cells = new ArrayList<>();
        for (int column = 0; column < steps.size(); column++) {
            for (int layer = 0; layer < layers; layer++) {
                cells.add(new HeatmapChart.Cell(
                        layer, column, values.checkpoints().get(column).get(layer)));
            }
        }
        return cells;
    }
}
