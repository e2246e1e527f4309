package org.layerwise.chart;

import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Similarity;

/**
 * Whose hidden states a heatmap compares.
 *
 * @param columns the title of the axis below
 * @param rows the title of the axis at the left
 * @param mirrored whether both axes are the same states, so that a pair is found twice
 * @param columnModel the name of the model of the columns, null for one model
 * @param rowModel the name of the model of the rows, null for one model
 */
public record HeatmapAxes(
        String columns, String rows, boolean mirrored, @Nullable String columnModel, @Nullable String rowModel) {

    /** The states of one model with each other. */
    public static HeatmapAxes ofOneModel() {
        return new HeatmapAxes("Hidden state (0 = embeddings)", "Hidden state", true, null, null);
    }

    /**
     * The states of two models, or of one on two tasks.
     *
     * @param rows the name of the first, for people
     * @param columns the name of the second
     */
    public static HeatmapAxes of(String rows, String columns) {
        return new HeatmapAxes(
                "Hidden state of " + columns + " (0 = embeddings)", "Hidden state of " + rows, false, columns, rows);
    }

    /** One line with the pair and its exact value. */
    String describe(String measure, int row, int column, @Nullable Similarity cell) {
        String words = pair(row, column) + "   ";
        if (cell instanceof Similarity.Value defined) {
            return words + measure + " " + defined.value();
        }
        if (cell instanceof Similarity.Undefined undefined) {
            return words + measure + " undefined: " + undefined.reason();
        }
        return words + "not computed yet";
    }

    private String pair(int row, int column) {
        if (!mirrored) {
            return "Hidden state %s of %s, %s of %s".formatted(row, rowModel, column, columnModel);
        }
        int from = Math.min(row, column);
        int to = Math.max(row, column);
        return "Hidden states %s → %s".formatted(from, to) + (to == from + 1 ? " (layer %s)".formatted(from) : "");
    }
}
