package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jfree.chart.entity.ChartEntity;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.chart.heatmap.HeatmapAxes;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.analysis.AnalysisViewModel.Cell;
import org.layerwise.gui.chart.ChartPane;
import org.layerwise.gui.common.EmptyState;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.session.SelectionViewModel;

/** Heatmap with the similarity of all pairs of layers and a line about the cell under the pointer. */
public final class HeatmapView extends VBox {

    private static final double LEAST_WIDTH = 280; // width in which the axis titles still fit

    private final AnalysisViewModel analysis;
    private final SelectionViewModel selection;
    private final ObservableValue<ChartStyle> style;
    private final Label readout = Nodes.label("", "readout", "figures");
    private final ChartPane pane;
    private final StackPane body = new StackPane();
    private final ChartNotes notes;
    private HeatmapChart chart;
    private int size = 2;
    private @Nullable Cell frameFrom;
    private @Nullable Cell frameTo;

    public HeatmapView(
            AnalysisViewModel analysis,
            SelectionViewModel selection,
            ChartFiles charts,
            ObservableValue<ChartStyle> style) {
        this.analysis = analysis;
        this.selection = selection;
        this.style = style;
        chart = chart();
        pane = new ChartPane("heatmap", chart.chart(), charts.exports(), charts::heatmap);
        pane.onHover(entity -> point(cell(entity)));
        new HeatmapGestures(pane, this, event -> cell(pane.at(event)));
        setMinWidth(LEAST_WIDTH);
        VBox.setVgrow(body, Priority.ALWAYS);
        readout.setId("heatmap-readout");
        notes = new ChartNotes(readout, new ColourControls(analysis.colours()));
        getStyleClass().add("chart-column");
        getChildren().setAll(pane.heading(Nodes.label(text("analysis.heatmap"), "heading")), body, notes);
        analysis.matrixProperty().addListener((observable, was, is) -> show());
        analysis.measureProperty().addListener((observable, was, is) -> show());
        analysis.arriving().addListener((observable, was, is) -> show());
        analysis.colours().mapProperty().addListener((observable, was, is) -> show());
        analysis.colours().fromProperty().addListener((observable, was, is) -> show());
        analysis.colours().toProperty().addListener((observable, was, is) -> show());
        analysis.keptProperty().addListener((observable, was, is) -> mark());
        selection.highlightedProperty().addListener((observable, was, is) -> mark());
        style.addListener((observable, was, is) -> chart.restyle(is));
        show();
    }

    private HeatmapChart chart() {
        return new HeatmapChart(
                size,
                size,
                analysis.measureProperty().get().title(),
                analysis.colours().scale(),
                HeatmapAxes.ofOneModel(analysis.measureProperty().get().isSymmetric())
                        .with(analysis.kinds(size - 1)),
                style.getValue());
    }

    private void show() {
        SimilarityMatrix matrix = analysis.matrixProperty().get();
        notes.setVisible(matrix != null);
        if (matrix == null) {
            Measure measure = analysis.measureProperty().get();
            EmptyState none = new EmptyState(
                    Material2OutlinedMZ.SHOW_CHART,
                    text("analysis.no.heatmap", measure.shortName()),
                    text("analysis.no.heatmap.advice"));
            none.setId("no-heatmap");
            body.getChildren().setAll(none);
            return;
        }
        size = matrix.size();
        chart = chart();
        pane.show(chart.chart());
        chart.put(cells(matrix, !analysis.arriving().get()));
        if (!body.getChildren().contains(pane)) {
            body.getChildren().setAll(pane);
        }
        mark();
    }

    /**
     * Returns the cells to draw. While cells still arrive, an undefined cell may only be one that is not computed yet.
     */
    private static List<HeatmapChart.Cell> cells(SimilarityMatrix matrix, boolean all) {
        List<HeatmapChart.Cell> cells = new ArrayList<>();
        for (int i = 0; i < matrix.size(); i++) {
            for (int j = 0; j < matrix.size(); j++) {
                if (all || matrix.at(i, j) instanceof Similarity.Value) {
                    cells.add(new HeatmapChart.Cell(i, j, matrix.at(i, j)));
                }
            }
        }
        return cells;
    }

    private static @Nullable Cell cell(@Nullable ChartEntity entity) {
        return HeatmapChart.pairOf(entity)
                .map(found -> new Cell(found.row(), found.column()))
                .orElse(null);
    }

    void point(@Nullable Cell cell) {
        if (Objects.equals(cell, analysis.hoveredProperty().get())) {
            return;
        }
        analysis.hoveredProperty().set(cell);
        selection.highlightedProperty().set(cell == null ? null : analysis.layer(cell));
        mark();
    }

    private void mark() {
        Cell cell = analysis.hoveredProperty().get();
        Cell kept = analysis.keptProperty().get();
        Integer layer = selection.highlightedProperty().get();
        String words = text("analysis.hover");
        HeatmapChart.Pair pair = null;
        if (cell != null && within(cell)) {
            pair = new HeatmapChart.Pair(cell.i(), cell.j());
            words = analysis.readout(cell);
        } else if (layer != null && layer + 1 < size) {
            pair = HeatmapChart.Pair.ofLayer(layer);
            words = analysis.readout(new Cell(layer, layer + 1));
        } else if (kept != null && within(kept)) {
            pair = new HeatmapChart.Pair(kept.i(), kept.j());
        }
        if (frameFrom != null && frameTo != null) {
            SortedSet<Integer> layers = HeatmapGestures.layers(frameFrom, frameTo);
            words = layers.isEmpty() ? words : text("analysis.block", NumberTexts.layers(layers), layers.size());
        }
        chart.highlight(frameFrom == null ? pair : null);
        readout.setText(words);
        pane.setAccessibleText(text("analysis.heatmap") + ". " + words);
    }

    private boolean within(Cell cell) {
        return cell.i() < size && cell.j() < size;
    }

    /** Returns the number of hidden states. */
    int size() {
        return size;
    }

    /** Returns the current cell; null if there is none. */
    @Nullable
    Cell at() {
        return analysis.hoveredProperty().get();
    }

    /** Keeps a pair visible; null releases it. */
    void keep(@Nullable Cell cell) {
        analysis.keptProperty().set(cell);
    }

    /** Draws a frame around a block; nulls remove the frame. */
    void frame(@Nullable Cell from, @Nullable Cell to) {
        frameFrom = from;
        frameTo = to;
        chart.frame(
                from == null ? null : new HeatmapChart.Pair(from.i(), from.j()),
                to == null ? null : new HeatmapChart.Pair(to.i(), to.j()));
        mark();
    }

    /**
     * Selects the layers of a block.
     *
     * @param more true to keep the layers that are already selected
     */
    void choose(Cell from, Cell to, boolean more) {
        SortedSet<Integer> layers = new TreeSet<>(HeatmapGestures.layers(from, to));
        if (layers.isEmpty()) {
            return;
        }
        if (more && selection.selectionProperty().get() != null) {
            layers.addAll(selection.selectionProperty().get().layers());
        }
        selection.selectOnly(layers);
    }

    /** Selects a layer or deselects it. */
    void toggle(int layer) {
        selection.toggle(layer);
    }
}
