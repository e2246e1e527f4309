package org.layerwise.chart.heatmap;

import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Similarity;
import org.layerwise.selection.LayerKind;
import org.layerwise.selection.LayerKinds;

/**
 * Axes of a heatmap: titles and the models whose hidden states are compared.
 *
 * @param columns title of the x axis
 * @param rows title of the y axis
 * @param mirrored true if both axes show the same hidden states and the order of a pair does not matter, so that each
 *     pair occurs twice
 * @param columnModel name of the model of the columns; null for one model
 * @param rowModel name of the model of the rows; null for one model
 * @param kinds kinds of the layers of the one model, as far as they differ
 */
public record HeatmapAxes(
        String columns,
        String rows,
        boolean mirrored,
        @Nullable String columnModel,
        @Nullable String rowModel,
        LayerKinds kinds) {

    /**
     * Returns axes for comparing the hidden states of one model with each other.
     *
     * @param symmetric true if the order of a pair does not matter; otherwise the row is the first of the pair
     */
    public static HeatmapAxes ofOneModel(boolean symmetric) {
        return new HeatmapAxes("Hidden state (0 = embeddings)", "Hidden state", symmetric, null, null, LayerKinds.NONE);
    }

    /**
     * Returns axes for comparing the hidden states of two models, or of one model on two tasks.
     *
     * @param rows display name of the first model or task
     * @param columns display name of the second model or task
     */
    public static HeatmapAxes of(String rows, String columns) {
        return new HeatmapAxes(
                "Hidden state of " + columns + " (0 = embeddings)",
                "Hidden state of " + rows,
                false,
                columns,
                rows,
                LayerKinds.NONE);
    }

    /** Returns these axes with marks for the kinds of the layers. */
    public HeatmapAxes with(LayerKinds known) {
        return new HeatmapAxes(columns, rows, mirrored, columnModel, rowModel, known);
    }

    /** Returns one line with the pair of hidden states and its exact value. */
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

    private String layer(int layer) {
        String words = kinds.words(layer, LayerKind::title);
        return words.isEmpty() ? String.valueOf(layer) : layer + ", " + words;
    }

    private String pair(int row, int column) {
        if (rowModel != null) {
            return "Hidden state %s of %s, %s of %s".formatted(row, rowModel, column, columnModel);
        }
        int from = mirrored ? Math.min(row, column) : row;
        int to = mirrored ? Math.max(row, column) : column;
        return "Hidden states %s → %s".formatted(from, to)
                + (to == from + 1 ? " (layer %s)".formatted(layer(from)) : "");
    }
}
