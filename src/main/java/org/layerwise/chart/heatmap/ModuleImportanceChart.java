package org.layerwise.chart.heatmap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.chart.axis.LabelAxis;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.chart.style.RedrawGroup;

/**
 * Heatmap of the importance of linear maps: a row for each type of module, the first at the top, and a column for each layer.
 * Layers without a module of a type are hatched.
 *
 * <p>Not safe for use by several threads.
 */
public final class ModuleImportanceChart {

    private static final double TICK_DISTANCE = 22;
    private static final double BAR_TICK_DISTANCE = 40;
    private static final int CHARACTER = 7;

    private final List<String> types;
    private final int layers;
    private final HeatmapRenderer renderer;
    private final HeatmapPlot plot;
    private final RoundAxis x;
    private final LabelAxis y;
    private final RoundAxis bar;
    private final JFreeChart chart;

    /**
     * Creates a chart.
     *
     * @param importance values to show
     * @param layers number of layers of the model
     * @param title name of the values
     */
    public ModuleImportanceChart(
            ModuleImportance importance, int layers, String title, ColourMap colourMap, ChartStyle style) {
        this.types = importance.types();
        this.layers = layers;
        HeatmapCells cells = new HeatmapCells(types.size(), layers);
        cells.put(cells(importance));
        DoubleSummaryStatistics values = importance.modules().stream()
                .mapToDouble(ModuleImportance.Module::value)
                .summaryStatistics();
        double least = Math.min(0, values.getMin());
        ColourScale colours = new ColourScale(colourMap, least, Math.max(values.getMax(), Math.nextUp(least)));
        renderer =
                new HeatmapRenderer(cells, colours, (row, column, cell) -> describe(title, row, column, cell), style);
        x = HeatmapPlot.cellAxis("Layer", layers);
        y = new LabelAxis(types);
        y.setInverted(true);
        bar = HeatmapPlot.barAxis(title, colours);
        plot = new HeatmapPlot(
                cells, renderer, colours, false, LayerKindMarks.NONE, x, y, bar, "no such module", style);
        chart = new JFreeChart(null, style.titles(), plot, false);
        restyle(style);
    }

    /** Returns the chart to show or to export. Every call returns the same object. */
    public JFreeChart chart() {
        return chart;
    }

    /** Returns a size for a figure in a paper, in the proportions of the cells, with room for the names of the types. */
    public ChartSize exportSize() {
        ChartSize square = HeatmapPlot.figureSize(types.size(), layers);
        int longest = types.stream().mapToInt(String::length).max().orElse(0);
        return new ChartSize(square.width() + longest * CHARACTER, square.height());
    }

    /** Changes the style, keeps the values and redraws once. */
    public void restyle(ChartStyle style) {
        RedrawGroup.once(chart, () -> {
            style.applyTo(chart);
            style.applyTo(x);
            style.applyTo(y);
            style.applyTo(bar);
            y.setTickLabelPaint(style.theme().text());
            x.setSpacing(style.scaled(TICK_DISTANCE));
            bar.setSpacing(style.scaled(BAR_TICK_DISTANCE));
            renderer.restyle(style);
            plot.restyle(style);
        });
    }

    private String describe(String title, int row, int column, @Nullable Similarity cell) {
        String module = "Layer %s, %s   ".formatted(column, types.get(row));
        return cell instanceof Similarity.Value known
                ? module + title + " " + known.value()
                : module + "no such module";
    }

    private List<HeatmapChart.Cell> cells(ModuleImportance importance) {
        Similarity[][] values = new Similarity[types.size()][layers];
        for (Similarity[] row : values) {
            Arrays.fill(row, new Similarity.Undefined("This layer has no such module."));
        }
        for (ModuleImportance.Module module : importance.modules()) {
            values[types.indexOf(module.type())][module.layer()] = new Similarity.Value(module.value());
        }
        List<HeatmapChart.Cell> cells = new ArrayList<>();
        for (int row = 0; row < types.size(); row++) {
            for (int layer = 0; layer < layers; layer++) {
                cells.add(new HeatmapChart.Cell(row, layer, values[row][layer]));
            }
        }
        return cells;
    }
}
