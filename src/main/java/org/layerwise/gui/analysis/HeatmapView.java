package org.layerwise.gui.analysis;

import static org.layerwise.gui.text.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
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
import org.layerwise.chart.ColourMap;
import org.layerwise.chart.ColourScale;
import org.layerwise.chart.HeatmapAxes;
import org.layerwise.chart.HeatmapChart;
import org.layerwise.gui.analysis.AnalysisViewModel.Cell;
import org.layerwise.gui.chart.ChartPane;
import org.layerwise.gui.control.Nodes;
import org.layerwise.gui.selection.SelectionViewModel;
import org.layerwise.gui.text.Figures;

/** The similarity of all pairs of layers, with a line that says what the pointer is at. */
public final class HeatmapView extends VBox {

    private static final double LEAST_RANGE = 0.01;
    private static final double LEAST_WIDTH = 280; // in which the axis titles still fit
    private static final double SLIDER_WIDTH = 200;

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
        pane.setFocusTraversable(true);
        pane.viewer().setFocusTraversable(false);
        pane.addEventHandler(KeyEvent.KEY_PRESSED, this::press);
        pane.addEventHandler(MouseEvent.MOUSE_PRESSED, event -> pane.requestFocus());
        setMinWidth(LEAST_WIDTH);
        VBox.setVgrow(pane, Priority.ALWAYS);
        readout.setId("heatmap-readout");
        getStyleClass().add("chart-column");
        getChildren()
                .setAll(Nodes.label(text("analysis.heatmap"), "heading"), pane, new ChartNotes(readout, colours()));
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
        range.setPrefWidth(SLIDER_WIDTH);
        range.setMaxWidth(SLIDER_WIDTH);
        range.setMinWidth(0);
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
                size,
                text("analysis.measure"),
                new ColourScale(
                        ColourMap.VIRIDIS,
                        analysis.coloursFromProperty().get(),
                        analysis.coloursToProperty().get()),
                HeatmapAxes.ofOneModel(),
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

    /** Arrows go from cell to cell, as the pointer does. */
    private void press(KeyEvent key) {
        Cell from = analysis.hoveredProperty().get();
        int up = key.getCode() == KeyCode.UP ? 1 : key.getCode() == KeyCode.DOWN ? -1 : 0;
        int right = key.getCode() == KeyCode.RIGHT ? 1 : key.getCode() == KeyCode.LEFT ? -1 : 0;
        if (up == 0 && right == 0) {
            return;
        }
        key.consume();
        point(from == null ? new Cell(0, 0) : new Cell(within(from.i() + up), within(from.j() + right)));
    }

    private int within(int state) {
        return Math.max(0, Math.min(size - 1, state));
    }

    private void hover(@Nullable ChartEntity entity) {
        Optional<HeatmapChart.Pair> pair = HeatmapChart.pairOf(entity);
        point(pair.map(found -> new Cell(found.row(), found.column())).orElse(null));
    }

    private void point(@Nullable Cell cell) {
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
