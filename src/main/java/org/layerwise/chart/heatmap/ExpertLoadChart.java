package org.layerwise.chart.heatmap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.layerwise.analysis.ExpertLoad;
import org.layerwise.analysis.Similarity;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.chart.style.RedrawGroup;

/**
 * Heatmap of the load of experts: a row for each layer, layer 0 at the bottom, and a column for each expert. Colours are
 * multiples of the even share: 1 where an expert has as many tokens as the others. Layers without experts are hatched.
 *
 * <p>Not safe for use by several threads.
 */
public final class ExpertLoadChart {

    private static final double TICK_DISTANCE = 22;
    private static final double BAR_TICK_DISTANCE = 40;
    // so that small differences do not look large
    private static final double LEAST_REACH = 2;

    private final ExpertLoad load;
    private final HeatmapRenderer renderer;
    private final HeatmapPlot plot;
    private final RoundAxis x;
    private final RoundAxis y;
    private final RoundAxis bar;
    private final JFreeChart chart;

    /** Creates a chart of a model that has experts. */
    public ExpertLoadChart(ExpertLoad load, ColourMap colourMap, ChartStyle style) {
        this.load = load;
        int layers = load.tokens().size();
        HeatmapCells cells = new HeatmapCells(layers, load.experts());
        cells.put(cells(load));
        ColourScale colours = new ColourScale(colourMap, 0, Math.max(LEAST_REACH, largest(load)));
        renderer = new HeatmapRenderer(cells, colours, (row, column, cell) -> describe(row, column), style);
        x = HeatmapPlot.cellAxis("Expert", load.experts());
        y = HeatmapPlot.cellAxis("Layer", layers);
        bar = HeatmapPlot.barAxis("Tokens (1 = even share)", colours);
        plot = new HeatmapPlot(cells, renderer, colours, false, LayerKindMarks.NONE, x, y, bar, "no experts", style);
        chart = new JFreeChart(null, style.titles(), plot, false);
        restyle(style);
    }

    /** Returns the chart to show or to export. Every call returns the same object. */
    public JFreeChart chart() {
        return chart;
    }

    /** Returns a size for a figure in a paper, in the proportions of the cells. */
    public ChartSize exportSize() {
        return HeatmapPlot.figureSize(load.tokens().size(), load.experts());
    }

    /** Changes the style, keeps the values and redraws once. */
    public void restyle(ChartStyle style) {
        RedrawGroup.once(chart, () -> {
            style.applyTo(chart);
            for (RoundAxis axis : List.of(x, y, bar)) {
                style.applyTo(axis);
                axis.setSpacing(style.scaled(axis == bar ? BAR_TICK_DISTANCE : TICK_DISTANCE));
            }
            renderer.restyle(style);
            plot.restyle(style);
        });
    }

    /** Returns one line on the load of an expert and of its layer. */
    public String describe(int layer, int expert) {
        if (load.tokens().get(layer).isEmpty()) {
            return "Layer %s has no experts.".formatted(layer);
        }
        return String.format(
                Locale.ROOT,
                "Layer %d, expert %d   %,d tokens, %.1f %% (even: %.1f %%)   entropy of the layer %.3f of %.3f bits",
                layer,
                expert,
                load.tokens().get(layer).get(expert),
                100 * load.share(layer, expert),
                100.0 / load.tokens().get(layer).size(),
                load.entropy(layer),
                load.maximumEntropy(layer));
    }

    private static double largest(ExpertLoad load) {
        double largest = 0;
        for (int layer : load.layers()) {
            for (int expert = 0; expert < load.tokens().get(layer).size(); expert++) {
                largest = Math.max(largest, multiple(load, layer, expert));
            }
        }
        return largest;
    }

    private static double multiple(ExpertLoad load, int layer, int expert) {
        return load.share(layer, expert) * load.tokens().get(layer).size();
    }

    private static List<HeatmapChart.Cell> cells(ExpertLoad load) {
        List<HeatmapChart.Cell> cells = new ArrayList<>();
        for (int layer = 0; layer < load.tokens().size(); layer++) {
            int experts = load.tokens().get(layer).size();
            for (int expert = 0; expert < load.experts(); expert++) {
                cells.add(new HeatmapChart.Cell(
                        layer,
                        expert,
                        expert < experts
                                ? new Similarity.Value(multiple(load, layer, expert))
                                : new Similarity.Undefined("There is no such expert.")));
            }
        }
        return cells;
    }
}
