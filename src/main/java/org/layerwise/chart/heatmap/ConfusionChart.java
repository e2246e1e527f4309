package org.layerwise.chart.heatmap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Similarity;
import org.layerwise.base.CsvText;
import org.layerwise.chart.axis.LabelAxis;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.style.ChartNumbers;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.chart.style.RedrawGroup;

/**
 * Confusion matrix: a row for each label, the first at the top, and a column for each predicted class. A cell has the
 * number of rows of the data, and the colour of their share of the label's rows. Labels without rows are hatched.
 *
 * <p>Not safe for use by several threads.
 */
public final class ConfusionChart {

    private static final double BAR_TICK_DISTANCE = 40;
    private static final int MOST_NAMES = 30;
    private static final int LONGEST_NAME = 18;
    private static final String NO_ROWS = "no rows";

    private final List<String> names;
    private final long[][] counts;
    private final HeatmapRenderer renderer;
    private final HeatmapPlot plot;
    private final LabelAxis x;
    private final LabelAxis y;
    private final RoundAxis bar;
    private final JFreeChart chart;

    /**
     * Creates a chart.
     *
     * @param names names of the classes
     * @param counts number of rows of each label, by label and predicted class; a square with a side of {@code names.size()}
     */
    public ConfusionChart(List<String> names, long[][] counts, ChartStyle style) {
        this.names = List.copyOf(names);
        this.counts = checked(counts, names.size());
        HeatmapCells cells = new HeatmapCells(names.size(), names.size());
        cells.put(cells());
        ColourScale colours = new ColourScale(ColourMap.VIRIDIS, 0, 1);
        renderer = new HeatmapRenderer(cells, colours, this::describe, style);
        renderer.write((row, column, cell) -> String.valueOf(this.counts[row][column]));
        List<String> shown = LabelAxis.some(
                this.names.stream().map(ConfusionChart::shortened).toList(), MOST_NAMES);
        x = new LabelAxis(shown, "Predicted");
        y = new LabelAxis(shown, "Label");
        y.setInverted(true);
        bar = HeatmapPlot.barAxis("Share of the label's rows", colours);
        plot = new HeatmapPlot(cells, renderer, colours, false, LayerKindMarks.NONE, x, y, bar, NO_ROWS, style);
        chart = new JFreeChart(null, style.titles(), plot, false);
        restyle(style);
    }

    private static long[][] checked(long[][] counts, int classes) {
        if (counts.length != classes || Arrays.stream(counts).anyMatch(row -> row.length != classes)) {
            throw new IllegalArgumentException("the counts are not a square of %s classes".formatted(classes));
        }
        return counts;
    }

    private static String shortened(String name) {
        return name.codePointCount(0, name.length()) <= LONGEST_NAME
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME - 1)) + "…";
    }

    /** Returns the chart to show or to export. Every call returns the same object. */
    public JFreeChart chart() {
        return chart;
    }

    /** Returns a size for a figure in a paper. */
    public ChartSize exportSize() {
        return HeatmapPlot.figureSize(names.size(), names.size());
    }

    /** Highlights a cell, by label and predicted class; null for none. */
    public void highlight(HeatmapChart.@Nullable Pair cell) {
        plot.highlight(cell);
    }

    /** Changes the style, keeps the values and redraws once. */
    public void restyle(ChartStyle style) {
        RedrawGroup.once(chart, () -> {
            style.applyTo(chart);
            style.applyTo(x);
            style.applyTo(y);
            style.applyTo(bar);
            bar.setSpacing(style.scaled(BAR_TICK_DISTANCE));
            renderer.restyle(style);
            plot.restyle(style);
        });
    }

    /**
     * Returns the counts as a CSV table (RFC 4180): a header with the predicted classes, then a line for each label. Lines end with a
     * line feed.
     */
    public static String csv(List<String> names, long[][] counts) {
        StringBuilder text = new StringBuilder("label");
        names.forEach(name -> text.append(',').append(CsvText.quoted(name)));
        text.append('\n');
        for (int label = 0; label < names.size(); label++) {
            text.append(CsvText.quoted(names.get(label)));
            for (long count : counts[label]) {
                text.append(',').append(count);
            }
            text.append('\n');
        }
        return text.toString();
    }

    private String describe(int label, int predicted, @Nullable Similarity cell) {
        String place = "Label %s, predicted %s   ".formatted(names.get(label), names.get(predicted));
        return cell instanceof Similarity.Value share
                ? place
                        + "%s of %s rows, %s"
                                .formatted(counts[label][predicted], rows(label), ChartNumbers.percent(share.value()))
                : place + NO_ROWS;
    }

    private long rows(int label) {
        return Arrays.stream(counts[label]).sum();
    }

    private List<HeatmapChart.Cell> cells() {
        List<HeatmapChart.Cell> cells = new ArrayList<>();
        for (int label = 0; label < counts.length; label++) {
            long rows = rows(label);
            for (int predicted = 0; predicted < counts.length; predicted++) {
                cells.add(new HeatmapChart.Cell(
                        label,
                        predicted,
                        rows == 0
                                ? new Similarity.Undefined("No row has this label.")
                                : new Similarity.Value((double) counts[label][predicted] / rows)));
            }
        }
        return cells;
    }
}
