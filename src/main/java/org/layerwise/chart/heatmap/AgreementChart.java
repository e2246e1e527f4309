package org.layerwise.chart.heatmap;

import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Similarity;
import org.layerwise.chart.axis.LabelAxis;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.style.ChartNumbers;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.chart.style.RedrawGroup;

/**
 * Heatmap of the agreement between each pair of measures or tasks: a square with the same labels on both axes, the
 * first label at the top left, and the values written in the cells.
 *
 * <p>Not safe for use by several threads.
 */
public final class AgreementChart {

    private static final double BAR_TICK_DISTANCE = 40;
    private static final int EXPORT_CELL = 56;
    private static final int EXPORT_MARGIN = 240;
    private static final int LEAST_EXPORT_HEIGHT = 300;

    private final List<String> labels;
    private final HeatmapRenderer renderer;
    private final HeatmapPlot plot;
    private final LabelAxis x;
    private final LabelAxis y;
    private final RoundAxis bar;
    private final JFreeChart chart;

    /**
     * Creates a chart of rank correlations or other values from -1 to 1.
     *
     * @param labels names of the measures or tasks
     * @param values matrix of {@code labels.size()} rows and columns; NaN for a missing value
     * @param title name of the values, for example {@code Kendall's tau}
     */
    public AgreementChart(List<String> labels, double[][] values, String title, ChartStyle style) {
        this(labels, values, title, ColourScale.differences(1), style);
    }

    /** Creates a chart of values in any range, such as overlaps from 0 to 1. */
    public AgreementChart(List<String> labels, double[][] values, String title, ColourScale colours, ChartStyle style) {
        this.labels = List.copyOf(labels);
        int size = labels.size();
        HeatmapCells cells = new HeatmapCells(size, size);
        cells.put(cells(values, size));
        renderer =
                new HeatmapRenderer(cells, colours, (row, column, cell) -> describe(title, row, column, cell), style);
        renderer.write((row, column, cell) ->
                cell instanceof Similarity.Value known ? ChartNumbers.hundredths(known.value()) : "");
        x = new LabelAxis(labels);
        y = new LabelAxis(labels);
        y.setInverted(true);
        bar = HeatmapPlot.barAxis(title, colours);
        plot = new HeatmapPlot(
                cells, renderer, colours, true, LayerKindMarks.NONE, x, y, bar, HeatmapPlot.UNDEFINED, style);
        chart = new JFreeChart(null, style.titles(), plot, false);
        restyle(style);
    }

    /** Returns the chart to show or to export. Every call returns the same object. */
    public JFreeChart chart() {
        return chart;
    }

    /** Returns a size for a figure in a paper. More labels give a larger figure. */
    public ChartSize exportSize() {
        int side = labels.size() * EXPORT_CELL;
        return new ChartSize(side + EXPORT_MARGIN, Math.max(LEAST_EXPORT_HEIGHT, side + EXPORT_MARGIN / 2));
    }

    /** Changes the style, keeps the values and redraws once. */
    public void restyle(ChartStyle style) {
        RedrawGroup.once(chart, () -> {
            style.applyTo(chart);
            style.applyTo(x);
            style.applyTo(y);
            style.applyTo(bar);
            x.setTickLabelPaint(style.theme().text());
            y.setTickLabelPaint(style.theme().text());
            bar.setSpacing(style.scaled(BAR_TICK_DISTANCE));
            renderer.restyle(style);
            plot.restyle(style);
        });
    }

    private String describe(String title, int row, int column, @Nullable Similarity cell) {
        String pair = "%s and %s   %s ".formatted(labels.get(row), labels.get(column), title);
        return cell instanceof Similarity.Value known ? pair + known.value() : pair + "undefined";
    }

    private static List<HeatmapChart.Cell> cells(double[][] values, int size) {
        if (values.length != size) {
            throw new IllegalArgumentException("%s labels for %s rows".formatted(size, values.length));
        }
        List<HeatmapChart.Cell> cells = new ArrayList<>();
        for (int row = 0; row < size; row++) {
            if (values[row].length != size) {
                throw new IllegalArgumentException("%s labels for %s columns".formatted(size, values[row].length));
            }
            for (int column = 0; column < size; column++) {
                double value = values[row][column];
                cells.add(new HeatmapChart.Cell(
                        row,
                        column,
                        Double.isFinite(value)
                                ? new Similarity.Value(value)
                                : new Similarity.Undefined("There is no value for this pair.")));
            }
        }
        return cells;
    }
}
