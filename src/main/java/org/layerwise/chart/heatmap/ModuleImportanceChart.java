package org.layerwise.chart.heatmap;

import java.awt.geom.Ellipse2D;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.entity.ChartEntity;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.ModuleImportance.Module;
import org.layerwise.analysis.Similarity;
import org.layerwise.chart.axis.LabelAxis;
import org.layerwise.chart.axis.Legend;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.chart.style.RedrawGroup;
import org.layerwise.chart.style.Strokes;

/**
 * Heatmap of the importance of linear maps: a row for each type of module, the first at the top, and a column for each layer.
 * Layers without a module of a type are hatched. Selected linear maps have a dot.
 *
 * <p>Not safe for use by several threads.
 */
public final class ModuleImportanceChart {

    private static final double TICK_DISTANCE = 22;
    private static final double BAR_TICK_DISTANCE = 40;
    private static final int CHARACTER = 7;
    private static final int LEGEND = 28;
    private static final double DOT = 7;
    private static final double STRETCH = 2;

    /** Words for a cell without a module, or for a measure of an adapter, without an adapter at the module. */
    private static final String NO_VALUE = "no value";

    private final List<String> types;
    private final List<String> labels;
    private final int layers;
    private final @Nullable Module[][] modules;
    private final HeatmapRenderer renderer;
    private final HeatmapPlot plot;
    private final RoundAxis x;
    private final LabelAxis y;
    private final RoundAxis bar;
    private final JFreeChart chart;
    private final Legend legend = new Legend(this::selected);
    private ChartStyle style;
    private Set<String> selected = Set.of();

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
        this.labels = List.copyOf(importance.labels().values());
        this.layers = layers;
        this.style = style;
        this.modules = new Module[types.size()][layers];
        importance.modules().forEach(module -> modules[types.indexOf(module.type())][module.layer()] = module);
        HeatmapCells cells = new HeatmapCells(types.size(), layers);
        cells.put(cells());
        DoubleSummaryStatistics values =
                importance.modules().stream().mapToDouble(Module::value).summaryStatistics();
        double least = Math.min(0, values.getMin());
        ColourScale colours = new ColourScale(colourMap, least, Math.max(values.getMax(), Math.nextUp(least)));
        renderer =
                new HeatmapRenderer(cells, colours, (row, column, cell) -> describe(title, row, column, cell), style);
        x = HeatmapPlot.cellAxis("Layer", layers);
        y = new LabelAxis(labels);
        y.setInverted(true);
        bar = HeatmapPlot.barAxis(title, colours);
        plot = new HeatmapPlot(cells, renderer, colours, false, LayerKindMarks.NONE, x, y, bar, NO_VALUE, style);
        plot.fillRoom(STRETCH);
        chart = new JFreeChart(null, style.titles(), plot, false);
        renderer.mark((row, column) -> isSelected(modules[row][column]));
        restyle(style);
    }

    /** Returns the linear map that a chart entity of a mouse event belongs to; empty for a layer without one. */
    public Optional<Module> moduleOf(@Nullable ChartEntity entity) {
        return HeatmapChart.pairOf(entity).map(pair -> modules[pair.row()][pair.column()]);
    }

    /** Returns the linear map of a row, a type, and a column, a layer; null if there is none. */
    public @Nullable Module at(int row, int column) {
        return modules[row][column];
    }

    /** Returns the cell of a linear map. */
    public HeatmapChart.Pair cell(Module module) {
        return new HeatmapChart.Pair(types.indexOf(module.type()), module.layer());
    }

    /** Returns the number of rows, one for each type. */
    public int rows() {
        return types.size();
    }

    /** Returns the number of columns, one for each layer. */
    public int columns() {
        return layers;
    }

    /** Sets the selected linear maps by their names and redraws once. */
    public void select(Set<String> names) {
        if (!names.equals(selected)) {
            RedrawGroup.once(chart, () -> {
                boolean explained = !selected.isEmpty();
                selected = Set.copyOf(names);
                if (explained != !selected.isEmpty()) {
                    explain();
                }
                chart.fireChartChanged();
            });
        }
    }

    /** Marks the cell of a linear map; null removes the mark. */
    public void highlight(@Nullable Module module) {
        plot.highlight(module == null ? null : cell(module));
    }

    private void explain() {
        if (selected.isEmpty()) {
            chart.clearSubtitles();
        } else {
            legend.addTo(chart);
        }
    }

    private LegendItemCollection selected() {
        LegendItemCollection items = new LegendItemCollection();
        double size = style.scaled(DOT);
        items.add(Strokes.item(
                "selected",
                style,
                new Ellipse2D.Double(-size / 2, -size / 2, size, size),
                style.theme().text()));
        return items;
    }

    private boolean isSelected(@Nullable Module module) {
        return module != null && selected.contains(module.name());
    }

    /** Returns the chart to show or to export. Every call returns the same object. */
    public JFreeChart chart() {
        return chart;
    }

    /** Returns a size for a figure in a paper, in the proportions of the cells, with room for the names of the types. */
    public ChartSize exportSize() {
        ChartSize square = HeatmapPlot.figureSize(types.size(), layers);
        int longest = labels.stream().mapToInt(String::length).max().orElse(0);
        return new ChartSize(square.width() + longest * CHARACTER, square.height() + (selected.isEmpty() ? 0 : LEGEND));
    }

    /** Changes the style, keeps the values and redraws once. */
    public void restyle(ChartStyle other) {
        style = other;
        RedrawGroup.once(chart, () -> {
            style.applyTo(chart);
            legend.restyle(style);
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
        return cell instanceof Similarity.Value known ? module + title + " " + known.value() : module + NO_VALUE;
    }

    private List<HeatmapChart.Cell> cells() {
        List<HeatmapChart.Cell> cells = new ArrayList<>();
        for (int row = 0; row < types.size(); row++) {
            for (int layer = 0; layer < layers; layer++) {
                Module module = modules[row][layer];
                cells.add(new HeatmapChart.Cell(
                        row,
                        layer,
                        module == null
                                ? new Similarity.Undefined("This layer has no such module, or none that has a value.")
                                : new Similarity.Value(module.value())));
            }
        }
        return cells;
    }
}
