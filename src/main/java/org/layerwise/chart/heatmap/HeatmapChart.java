package org.layerwise.chart.heatmap;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.entity.ChartEntity;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.chart.axis.Legend;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.chart.style.RedrawGroup;

/**
 * Heatmap of the similarity of all pairs of hidden states of one or two models, or of the difference of two such
 * similarities. The cells are square, state 0 (the embeddings) is at the lower left, and the colours cover a fixed
 * range. Undefined pairs are hatched; pairs that are not computed yet are blank. The chart is live: cells can be filled
 * one by one, and a pair or a block can be marked.
 *
 * <p>Not safe for use by several threads.
 */
public final class HeatmapChart {

    private static final double LEAST_TICK_DISTANCE = 22;
    private static final double BAR_TICK_DISTANCE = 48;
    private static final int LEGEND = 28;

    private final HeatmapCells cells;
    private final HeatmapRenderer renderer;
    private final HeatmapPlot plot;
    private final RoundAxis x;
    private final RoundAxis y;
    private final RoundAxis bar;
    private final JFreeChart chart;
    private final LayerKindMarks marks;
    private final Legend legend;
    private ChartStyle style;

    /** Value of a cell with its position. Hidden states are numbered 0 to M. */
    public record Cell(int row, int column, Similarity similarity) {}

    /** Pair of hidden states, numbered 0 to M. Layer i is between states i and i+1. */
    public record Pair(int row, int column) {

        /** Returns the input and the output of a layer. */
        public static Pair ofLayer(int layer) {
            return new Pair(layer, layer + 1);
        }
    }

    /**
     * Creates a heatmap without values.
     *
     * @param rows number of hidden states of the first model, M+1
     * @param columns number of hidden states of the second model; equal to {@code rows} for one model
     * @param measure display name of the values, for example {@code CKA}
     */
    public HeatmapChart(
            int rows, int columns, String measure, ColourScale colours, HeatmapAxes axes, ChartStyle style) {
        cells = new HeatmapCells(rows, columns);
        renderer = new HeatmapRenderer(
                cells, colours, (row, column, cell) -> axes.describe(measure, row, column, cell), style);
        x = HeatmapPlot.cellAxis(axes.columns(), columns);
        y = HeatmapPlot.cellAxis(axes.rows(), rows);
        bar = HeatmapPlot.barAxis(measure, colours);
        this.style = style;
        marks = LayerKindMarks.of(axes.kinds());
        plot = new HeatmapPlot(
                cells, renderer, colours, axes.mirrored(), marks, x, y, bar, HeatmapPlot.UNDEFINED, style);
        chart = new JFreeChart(null, style.titles(), plot, false);
        legend = new Legend(() -> marks.legend(this.style));
        if (!marks.isEmpty()) {
            legend.addTo(chart);
        }
        restyle(style);
    }

    /** Creates a heatmap with all values of a matrix, square or not. */
    public static HeatmapChart of(
            SimilarityMatrix matrix, String measure, ColourScale colours, HeatmapAxes axes, ChartStyle style) {
        HeatmapChart heatmap = new HeatmapChart(matrix.rows(), matrix.columns(), measure, colours, axes, style);
        heatmap.put(matrix);
        return heatmap;
    }

    /** Returns the chart to show or to export. Every call returns the same object. */
    public JFreeChart chart() {
        return chart;
    }

    /** Returns a size for a figure in a paper, in the proportions of the matrix. */
    public ChartSize exportSize() {
        ChartSize size = HeatmapPlot.figureSize(cells.rows(), cells.columns());
        return new ChartSize(size.width(), size.height() + (marks.isEmpty() ? 0 : LEGEND));
    }

    /** Fills the given cells, keeps the others and redraws once. */
    public void put(Collection<Cell> known) {
        cells.put(known);
    }

    /**
     * Fills all cells.
     *
     * @throws IllegalArgumentException if the matrix has another number of rows or columns
     */
    public void put(SimilarityMatrix matrix) {
        if (matrix.rows() != cells.rows() || matrix.columns() != cells.columns()) {
            throw new IllegalArgumentException("a heatmap of %s x %s states cannot show %s x %s"
                    .formatted(cells.rows(), cells.columns(), matrix.rows(), matrix.columns()));
        }
        List<Cell> all = new ArrayList<>();
        for (int row = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                all.add(new Cell(row, column, matrix.at(row, column)));
            }
        }
        cells.put(all);
    }

    /** Marks a pair with its row and column and, if its order does not matter, its mirror image; null removes the mark. */
    public void highlight(@Nullable Pair pair) {
        plot.highlight(pair);
    }

    /**
     * Draws a frame around the block between two corners, both included.
     *
     * @param from corner of the block; null removes the frame
     * @param to opposite corner; null removes the frame
     */
    public void frame(@Nullable Pair from, @Nullable Pair to) {
        plot.frame(from, to);
    }

    /** Changes the style, keeps the values and the mark, and redraws once. */
    public void restyle(ChartStyle other) {
        style = other;
        RedrawGroup.once(chart, () -> {
            style.applyTo(chart);
            legend.restyle(style);
            for (RoundAxis axis : List.of(x, y, bar)) {
                style.applyTo(axis);
                axis.setSpacing(style.scaled(axis == bar ? BAR_TICK_DISTANCE : LEAST_TICK_DISTANCE));
            }
            renderer.restyle(style);
            plot.restyle(style);
        });
    }

    /** Returns the pair that a chart entity of a mouse event belongs to. */
    public static Optional<Pair> pairOf(@Nullable ChartEntity entity) {
        return entity instanceof HeatmapRenderer.CellEntity cell ? Optional.of(cell.pair()) : Optional.empty();
    }
}
