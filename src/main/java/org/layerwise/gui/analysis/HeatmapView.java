package org.layerwise.gui.analysis;

import static org.layerwise.gui.text.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.controlsfx.control.RangeSlider;
import org.jfree.chart.entity.ChartEntity;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.chart.ChartStyle;
import org.layerwise.chart.HeatmapChart;
import org.layerwise.gui.analysis.AnalysisViewModel.Cell;
import org.layerwise.gui.chart.ChartPane;
import org.layerwise.gui.control.Nodes;
import org.layerwise.gui.selection.SelectionViewModel;
import org.layerwise.gui.text.Figures;

/** The similarity of all pairs of layers, with a line that says what the pointer is at. */
public final class HeatmapView extends VBox {

    private static final double LEAST_RANGE = 0.01;

    private final AnalysisViewModel analysis;
    private final SelectionViewModel selection;
    private final ObservableValue<ChartStyle> style;
    private final Label readout = Nodes.label("", "readout", "figures");
    private final Label low = Nodes.label("", "figures", "muted");
    private final Label high = Nodes.label("", "figures", "muted");
    private HeatmapChart chart;
    private int size = 2;
    private final ChartPane pane;

    public HeatmapView(AnalysisViewModel analysis, SelectionViewModel selection, ObservableValue<ChartStyle> style) {
        this.analysis = analysis;
        this.selection = selection;
        this.style = style;
        chart = chart();
        pane = new ChartPane(chart.chart());
        pane.setId("heatmap");
        pane.setAccessibleText(text("analysis.heatmap"));
        pane.onHover(this::hover);
        VBox.setVgrow(pane, Priority.ALWAYS);
        readout.setId("heatmap-readout");
        readout.setMaxWidth(Double.MAX_VALUE);
        readout.setWrapText(true);
        getStyleClass().add("chart-column");
        getChildren().setAll(Nodes.label(text("analysis.heatmap"), "heading"), pane, readout, colours());
        analysis.matrixProperty().addListener((observable, was, is) -> show(is));
        analysis.coloursFromProperty().addListener((observable, was, is) -> rebuild());
        analysis.coloursToProperty().addListener((observable, was, is) -> rebuild());
        selection.highlightedProperty().addListener((observable, was, is) -> mark());
        style.addListener((observable, was, is) -> chart.restyle(is));
        show(analysis.matrixProperty().get());
        mark();
    }

    private HBox colours() {
        RangeSlider range = new RangeSlider(
                0,
                1,
                analysis.coloursFromProperty().get(),
                analysis.coloursToProperty().get());
        range.setId("colours");
        range.setAccessibleText(text("analysis.colours"));
        range.setBlockIncrement(0.05);
        HBox.setHgrow(range, Priority.ALWAYS);
        range.lowValueProperty().addListener((value, was, is) -> {
            double from = Math.round(is.doubleValue() * 100) / 100.0;
            analysis.coloursFromProperty()
                    .set(Math.min(from, analysis.coloursToProperty().get() - LEAST_RANGE));
        });
        range.highValueProperty().addListener((value, was, is) -> {
            double to = Math.round(is.doubleValue() * 100) / 100.0;
            analysis.coloursToProperty()
                    .set(Math.max(to, analysis.coloursFromProperty().get() + LEAST_RANGE));
        });
        low.textProperty().bind(analysis.coloursFromProperty().map(value -> Figures.hundredths(value.doubleValue())));
        high.textProperty().bind(analysis.coloursToProperty().map(value -> Figures.hundredths(value.doubleValue())));
        HBox row = new HBox(
                Nodes.caption(text("analysis.colours"), range),
                low,
                range,
                high,
                Nodes.iconButton("colours-reset", Material2OutlinedMZ.REFRESH, text("analysis.colours.reset"), () -> {
                    analysis.resetColours();
                    range.setLowValue(0);
                    range.setHighValue(1);
                }));
        row.getStyleClass().addAll("row", "chart-foot");
        return row;
    }

    private HeatmapChart chart() {
        return new HeatmapChart(
                size,
                text("analysis.measure"),
                analysis.coloursFromProperty().get(),
                analysis.coloursToProperty().get(),
                style.getValue());
    }

    private void rebuild() {
        chart = chart();
        pane.show(chart.chart());
        show(analysis.matrixProperty().get());
        mark();
    }

    private void show(@Nullable SimilarityMatrix matrix) {
        if (matrix == null) {
            return;
        }
        boolean partial = analysis.runningProperty().get();
        if (matrix.size() != size || partial) {
            size = matrix.size();
            chart = chart();
            pane.show(chart.chart());
        }
        chart.put(cells(matrix, !partial));
        mark();
    }

    /** While cells still arrive, an undefined one may only be one that has not. */
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

    private void hover(@Nullable ChartEntity entity) {
        Optional<HeatmapChart.Pair> pair = HeatmapChart.pairOf(entity);
        Cell cell = pair.map(found -> new Cell(found.row(), found.column())).orElse(null);
        if (Objects.equals(cell, analysis.hoveredProperty().get())) {
            return;
        }
        analysis.hoveredProperty().set(cell);
        boolean layer = cell != null && Math.abs(cell.i() - cell.j()) == 1;
        selection.highlightedProperty().set(layer ? (Integer) Math.min(cell.i(), cell.j()) : null);
        mark();
    }

    private void mark() {
        Cell cell = analysis.hoveredProperty().get();
        Integer layer = selection.highlightedProperty().get();
        if (cell != null && cell.i() < size && cell.j() < size) {
            chart.highlight(new HeatmapChart.Pair(cell.i(), cell.j()));
            readout.setText(analysis.readout(cell));
        } else if (layer != null && layer + 1 < size) {
            chart.highlight(HeatmapChart.Pair.ofLayer(layer));
            readout.setText(analysis.readout(new Cell(layer, layer + 1)));
        } else {
            chart.highlight(null);
            readout.setText(text("analysis.hover"));
        }
    }
}
