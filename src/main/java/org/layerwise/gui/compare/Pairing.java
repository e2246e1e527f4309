package org.layerwise.gui.compare;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.chart.heatmap.HeatmapAxes;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.heatmap.SimilarityCsv;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.common.Sheet.Cell;
import org.layerwise.gui.common.Sheet.Column;
import org.layerwise.gui.compare.CompareViewModel.Side;
import org.layerwise.study.comparison.Comparison;

/**
 * Similarity matrices of two subjects with the same measure and the same size.
 *
 * @param difference first matrix minus the second; undefined where either is undefined
 * @param least value of the first colour in both heatmaps
 */
record Pairing(Subject first, Subject second, SimilarityMatrix difference, double least) {

    private static final double LEAST_REACH = 0.01;

    static Pairing of(Rankings rankings, Subject first, Subject second) {
        Comparison.Row a = rankings.row(first);
        Comparison.Row b = rankings.row(second);
        return new Pairing(
                first,
                second,
                rankings.comparison().difference(a, b),
                first.result().measure().lower());
    }

    private static SimilarityMatrix matrix(Subject subject) {
        return Objects.requireNonNull(subject.result().similarity(), "a subject without a matrix");
    }

    /** Returns one of the three heatmaps. */
    HeatmapChart chart(Side side, ChartStyle style) {
        return switch (side) {
            case FIRST -> heatmap(first, style);
            case SECOND -> heatmap(second, style);
            case DIFFERENCE ->
                HeatmapChart.of(
                        difference,
                        text("compare.difference.axis"),
                        ColourScale.differences(largestDifference()),
                        HeatmapAxes.ofOneModel(symmetric()),
                        style);
        };
    }

    /** Returns the title of one of the three heatmaps. */
    String title(Side side) {
        return switch (side) {
            case FIRST -> text("compare.side.first", first.label());
            case SECOND -> text("compare.side.second", second.label());
            case DIFFERENCE -> text("figure.difference", first.label(), second.label());
        };
    }

    /** Returns the values of one of the three heatmaps as CSV. */
    String csv(Side side) {
        return SimilarityCsv.text(
                switch (side) {
                    case FIRST -> matrix(first);
                    case SECOND -> matrix(second);
                    case DIFFERENCE -> difference;
                });
    }

    /** Returns the heatmap of a subject, with the same colours for both. */
    private HeatmapChart heatmap(Subject subject, ChartStyle style) {
        return HeatmapChart.of(
                matrix(subject),
                subject.result().measure().shortName(),
                new ColourScale(ColourMap.VIRIDIS, least, 1),
                HeatmapAxes.ofOneModel(symmetric()),
                style);
    }

    private boolean symmetric() {
        return first.result().measure().isSymmetric();
    }

    /** Returns the number of hidden states. */
    int size() {
        return difference.rows();
    }

    /** Returns the largest absolute difference, rounded up to a hundredth. */
    private double largestDifference() {
        return Math.ceil(Math.max(LEAST_REACH, Comparison.largestDifference(difference)) * 100) / 100;
    }

    /** Returns one sentence with the layer of the largest difference and both values. */
    String summary() {
        int layer = -1;
        double most = 0;
        for (int at = 0; at + 1 < difference.rows(); at++) {
            double size = Math.abs(difference.value(at, at + 1).orElse(0));
            if (size > most) {
                most = size;
                layer = at;
            }
        }
        return layer < 0
                ? text("compare.difference.none")
                : text(
                        "compare.difference.most",
                        layer,
                        NumberTexts.significant(
                                matrix(first).value(layer, layer + 1).orElseThrow()),
                        NumberTexts.significant(
                                matrix(second).value(layer, layer + 1).orElseThrow()));
    }

    /** Returns the text of a pair of states: both values and their difference, in full precision. */
    String readout(HeatmapChart.Pair pair) {
        if (pair.row() >= difference.rows() || pair.column() >= difference.columns()) {
            return "";
        }
        String states = text(symmetric() ? "compare.states" : "compare.states.ordered", pair.row(), pair.column());
        Similarity found = difference.at(pair.row(), pair.column());
        return found instanceof Similarity.Undefined undefined
                ? text("compare.cell.undefined", states, undefined.reason())
                : text(
                        "compare.cell",
                        states,
                        digits(matrix(first).value(pair.row(), pair.column())),
                        digits(matrix(second).value(pair.row(), pair.column())),
                        digits(difference.value(pair.row(), pair.column())));
    }

    /** Returns a table with one row per layer: the similarity of its input and output. */
    Sheet layers() {
        List<Column> columns = List.of(
                new Column(text("stability.column.layer"), "layer", text("stability.tip.layer"), false),
                new Column("A", "first", first.label(), true),
                new Column("B", "second", second.label(), true),
                new Column(text("compare.difference.column"), "difference", text("compare.difference.tip"), true));
        List<List<Cell>> rows = new ArrayList<>();
        for (int layer = 0; layer + 1 < difference.rows(); layer++) {
            rows.add(List.of(
                    Cell.of(String.valueOf(layer)),
                    Cell.significant(matrix(first).value(layer, layer + 1)),
                    Cell.significant(matrix(second).value(layer, layer + 1)),
                    Cell.significant(difference.value(layer, layer + 1))));
        }
        return new Sheet(columns, rows);
    }

    /** Returns the name of a file for this pair, without extension. */
    String fileName(String what) {
        return "%s-%s-%s".formatted(what, first.label(), second.label());
    }

    private static String digits(OptionalDouble value) {
        return value.isPresent() ? String.valueOf(value.getAsDouble()) : "–";
    }
}
