package org.layerwise.chart;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.entity.ChartEntity;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;

/**
 * The similarity of all pairs of hidden states as a heatmap: square cells, state 0 (the embeddings) at the lower left,
 * viridis over a fixed range, undefined pairs hatched, pairs that are not computed yet blank. The chart is live: cells
 * can be filled one by one, and a pair can be marked.
 *
 * <p>Not safe for use by several threads.
 */
public final class HeatmapChart {

    private static final int LABEL_EVERY_STATE_UP_TO = 17; // 16 layers
    private static final int STEP_ABOVE = 4;
    private static final double LEAST_TICK_DISTANCE = 22;
    private static final double BAR_TICK_DISTANCE = 48;
    private static final ChartSize EXPORT_SIZE = new ChartSize(640, 540);

    private final HeatmapCells cells;
    private final HeatmapRenderer renderer;
    private final HeatmapPlot plot;
    private final RoundAxis x;
    private final RoundAxis y;
    private final RoundAxis bar;
    private final JFreeChart chart;

    /** A value and where it belongs; hidden states are numbered 0 to M. */
    public record Cell(int row, int column, Similarity similarity) {}

    /** Two hidden states, numbered 0 to M. The layer between states i and i+1 is layer i. */
    public record Pair(int row, int column) {

        /** The input and the output of a layer. */
        public static Pair ofLayer(int layer) {
            return new Pair(layer, layer + 1);
        }
    }

    /**
     * A heatmap without values.
     *
     * @param size M+1, the number of hidden states
     * @param measure the name of the similarity, for people, for example {@code linear CKA}
     * @param lower the value of the darkest colour, 0 for most measures
     * @param upper the value of the brightest colour, 1 for most measures
     */
    public HeatmapChart(int size, String measure, double lower, double upper, ChartStyle style) {
        Viridis colours = new Viridis(lower, upper);
        cells = new HeatmapCells(size);
        renderer = new HeatmapRenderer(cells, colours, measure, style);
        x = stateAxis("Hidden state (0 = embeddings)", size);
        y = stateAxis("Hidden state", size);
        bar = RoundAxis.ofNumbers(measure);
        bar.setRange(lower, upper);
        bar.setLabelAngle(Math.PI); // read from below, like the other axis
        plot = new HeatmapPlot(cells, renderer, colours, x, y, bar, style);
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinesVisible(false);
        plot.setInsets(style.insets(0, 0, 0, 0));
        plot.setAxisOffset(style.insets(0, 0, 0, 0));
        chart = new JFreeChart(null, style.titles(), plot, false);
        restyle(style);
    }

    /** A heatmap of a similarity between 0 and 1. */
    public static HeatmapChart of(SimilarityMatrix matrix, String measure, ChartStyle style) {
        HeatmapChart heatmap = new HeatmapChart(matrix.size(), measure, 0, 1, style);
        heatmap.put(matrix);
        return heatmap;
    }

    /** The chart to show or to export; the same object as long as this one lives. */
    public JFreeChart chart() {
        return chart;
    }

    /** A size that suits a figure of a paper. */
    public ChartSize exportSize() {
        return EXPORT_SIZE;
    }

    /** Fills cells; the others stay. Redraws once. */
    public void put(Collection<Cell> known) {
        cells.put(known);
    }

    /**
     * Fills all cells.
     *
     * @throws IllegalArgumentException if the matrix has another size
     */
    public void put(SimilarityMatrix matrix) {
        if (matrix.size() != cells.size()) {
            throw new IllegalArgumentException(
                    "a heatmap of %d states cannot show %d".formatted(cells.size(), matrix.size()));
        }
        List<Cell> all = new ArrayList<>();
        for (int row = 0; row < matrix.size(); row++) {
            for (int column = 0; column < matrix.size(); column++) {
                all.add(new Cell(row, column, matrix.at(row, column)));
            }
        }
        cells.put(all);
    }

    /** Marks a pair, its mirror image and their row and column; null marks nothing. */
    public void highlight(@Nullable Pair pair) {
        plot.highlight(pair);
    }

    /** Changes the look; values and mark stay. Redraws once. */
    public void restyle(ChartStyle style) {
        chart.setNotify(false);
        try {
            style.applyTo(chart);
            for (RoundAxis axis : List.of(x, y, bar)) {
                style.applyTo(axis);
                axis.setSpacing(style.scaled(axis == bar ? BAR_TICK_DISTANCE : LEAST_TICK_DISTANCE));
            }
            renderer.restyle(style);
            plot.restyle(style);
        } finally {
            chart.setNotify(true);
        }
    }

    /** The pair that something in this chart stands for, as a mouse event names it. */
    public static Optional<Pair> pairOf(@Nullable ChartEntity entity) {
        return entity instanceof HeatmapRenderer.CellEntity cell ? Optional.of(cell.pair()) : Optional.empty();
    }

    private static RoundAxis stateAxis(String title, int size) {
        RoundAxis axis = RoundAxis.ofMultiples(title, size <= LABEL_EVERY_STATE_UP_TO ? 1 : STEP_ABOVE);
        axis.setRange(-0.5, size - 0.5);
        return axis;
    }
}
