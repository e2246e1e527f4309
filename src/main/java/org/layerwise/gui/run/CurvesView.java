package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.awt.geom.Rectangle2D;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.geometry.Point2D;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.curve.CurveChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.ChartPane;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.session.RunEntry;

/**
 * Live curves of one or several runs, with controls for the quantity, the smoothing, the logarithmic scale and the x
 * axis (steps or time).
 */
final class CurvesView extends VBox {

    private static final double MOST_SMOOTHING = 0.99;
    private static final double QUANTITY_WIDTH = 124;

    private final ObservableList<RunEntry> runs;
    private final ObservableValue<ChartStyle> style;
    private final ChoiceBox<Quantity> quantity = new ChoiceBox<>();
    private final Slider smoothing = new Slider(0, MOST_SMOOTHING, CurveChart.SMOOTHING);
    private final ToggleButton logarithmic;
    private final ToggleButton time;
    private final Label readout = Nodes.shortened(Nodes.label("", "readout", "figures"));
    private final Label nothing = Nodes.label("", "muted");
    private final ChartPane pane;
    private final Map<RunEntry, Listening> listening = new HashMap<>();
    private CurveChart chart;
    private double at = Double.NaN;

    /** Listeners on the steps and evaluations of a run. */
    private record Listening(ListChangeListener<Object> steps, ListChangeListener<Object> evaluations) {}

    /**
     * Creates a view of the curves of runs.
     *
     * @param id id of the chart and prefix of the controls' ids
     * @param runs runs to draw, in the order of the legend
     */
    CurvesView(String id, ObservableList<RunEntry> runs, FigureExporter exports, ObservableValue<ChartStyle> style) {
        this.runs = runs;
        this.style = style;
        chart = new CurveChart(Quantity.LOSS.title(), style.getValue());
        pane = new ChartPane(id, chart.chart(), exports, this::figure).wheelZooms();
        logarithmic = toggle(id + "-log", "run.curves.log");
        time = toggle(id + "-time", "run.curves.time");
        quantity.setId(id + "-quantity");
        smoothing.setId(id + "-smoothing");
        quantity.setConverter(Nodes.words(of -> of == null ? "" : of.title()));
        quantity.setAccessibleText(text("run.curves.quantity"));
        quantity.getStyleClass().add("small");
        quantity.setPrefWidth(QUANTITY_WIDTH);
        quantity.getItems().setAll(Quantity.all(List.of()));
        quantity.setValue(Quantity.LOSS);
        Label smooth = Nodes.caption(text("run.curves.smoothing"), smoothing);
        smoothing.getStyleClass().add("small");
        Tooltips.set(smoothing, text("run.curves.smoothing.tip"));
        HBox smoothly = Nodes.row(smooth, smoothing);
        FlowPane controls = new FlowPane(quantity, smoothly, Nodes.row(logarithmic, time));
        controls.getStyleClass().add("curve-controls");
        nothing.setWrapText(true);
        StackPane drawn = new StackPane(pane, nothing);
        drawn.setMinHeight(0);
        VBox.setVgrow(drawn, Priority.ALWAYS);
        readout.setId(id + "-readout");
        readout.setMaxWidth(Double.MAX_VALUE);
        getStyleClass().add("chart-column");
        setMinHeight(0);
        getChildren().setAll(controls, drawn, readout);

        quantity.valueProperty().addListener((value, was, is) -> {
            if (is != null) {
                rebuild();
            }
        });
        smoothing.valueProperty().addListener((value, was, is) -> smooth());
        logarithmic.selectedProperty().addListener((selected, was, is) -> {
            pane.resetZoom(); // a zoomed part of the old scale does not fit the new scale
            chart.logarithmic(is);
        });
        time.selectedProperty().addListener((selected, was, is) -> {
            pane.resetZoom();
            chart.along(along());
        });
        style.addListener((observable, was, is) -> chart.restyle(is));
        runs.addListener((ListChangeListener<RunEntry>) change -> rebuild());
        pane.addEventHandler(MouseEvent.MOUSE_MOVED, this::point);
        pane.addEventHandler(MouseEvent.MOUSE_EXITED, event -> leave());
        rebuild();
    }

    private static ToggleButton toggle(String id, String key) {
        ToggleButton button = new ToggleButton(text(key));
        button.setId(id);
        button.getStyleClass().add("small");
        Tooltips.set(button, text(key + ".tip"));
        button.setAccessibleText(text(key + ".tip"));
        return button;
    }

    /** Sets the text that is shown when there are no curves to draw. */
    void whenEmpty(ObservableValue<String> words) {
        nothing.textProperty().bind(words);
    }

    /** Returns the buttons that export and copy the chart. */
    HBox buttons() {
        return pane.buttons();
    }

    /** Returns a figure of the current chart; null if there is nothing to draw. */
    private @Nullable Figure figure() {
        return pane.isVisible() ? CurveFigures.of(quantity.getValue(), chart.copy(style.getValue())) : null;
    }

    /** Builds a new chart from the chosen runs and quantity. */
    private void rebuild() {
        listening.forEach((run, heard) -> {
            run.steps().removeListener(heard.steps);
            run.evaluations().removeListener(heard.evaluations);
        });
        listening.clear();
        chart = new CurveChart(quantity.getValue().title(), style.getValue());
        chart.along(along());
        chart.logarithmic(logarithmic.isSelected());
        smooth();
        for (RunEntry run : runs) {
            chart.add(RunTexts.label(run), run.number() - 1);
            append(run, 0);
            appendEvaluations(run);
            Listening heard = new Listening(change -> steps(run, change), change -> evaluations(run, change));
            run.steps().addListener(heard.steps);
            run.evaluations().addListener(heard.evaluations);
            listening.put(run, heard);
        }
        pane.show(chart.chart());
        pane.setAccessibleText(text("run.curves.of", quantity.getValue().title()));
        offer();
        shown();
    }

    private void smooth() {
        chart.smooth(quantity.getValue().noisy() ? smoothing.getValue() : 0);
        smoothing.setDisable(!quantity.getValue().noisy());
    }

    private void steps(RunEntry run, ListChangeListener.Change<?> change) {
        while (change.next()) {
            if (change.wasRemoved()) {
                rebuild();
                return;
            }
            append(run, change.getFrom());
        }
        shown();
    }

    private void append(RunEntry run, int from) {
        chart.append(
                RunTexts.label(run),
                quantity.getValue().points(run.steps().subList(from, run.steps().size())));
    }

    private void evaluations(RunEntry run, ListChangeListener.Change<?> change) {
        while (change.next()) {
            if (change.wasRemoved()) {
                rebuild();
                return;
            }
            for (int i = change.getFrom(); i < change.getTo(); i++) {
                appendEvaluation(run, run.evaluations().get(i));
            }
        }
        chart.best(RunTexts.label(run), quantity.getValue().best(run).orElse(null));
        offer();
        shown();
    }

    private void appendEvaluations(RunEntry run) {
        run.evaluations().forEach(evaluated -> appendEvaluation(run, evaluated));
        chart.best(RunTexts.label(run), quantity.getValue().best(run).orElse(null));
    }

    private void appendEvaluation(RunEntry run, RunEntry.Evaluated evaluated) {
        quantity.getValue()
                .point(run, evaluated)
                .ifPresent(point -> chart.appendEvaluation(RunTexts.label(run), point));
    }

    /** Updates the list of quantities. Metrics are known only after the first evaluation. */
    private void offer() {
        List<Quantity> all = Quantity.all(runs);
        if (!all.contains(quantity.getValue())) {
            all.add(quantity.getValue());
        }
        if (!quantity.getItems().equals(all)) {
            all.stream().filter(one -> !quantity.getItems().contains(one)).forEach(quantity.getItems()::add);
            quantity.getItems().removeIf(one -> !all.contains(one));
        }
    }

    private void shown() {
        boolean any = runs.stream()
                .anyMatch(run -> !run.steps().isEmpty() || !run.evaluations().isEmpty());
        pane.setVisible(any);
        nothing.setVisible(!any);
        pane.changed();
        read();
    }

    private void point(MouseEvent event) {
        ChartRenderingInfo drawn = pane.viewer().getCanvas().getRenderingInfo();
        if (drawn == null) {
            return;
        }
        Rectangle2D area = drawn.getPlotInfo().getDataArea();
        Point2D place = pane.viewer().getCanvas().sceneToLocal(event.getSceneX(), event.getSceneY());
        if (!area.contains(place.getX(), place.getY())) {
            leave();
            return;
        }
        XYPlot plot = chart.chart().getXYPlot();
        at = plot.getDomainAxis().java2DToValue(place.getX(), area, plot.getDomainAxisEdge());
        read();
    }

    private void leave() {
        at = Double.NaN;
        read();
    }

    /** Shows the values of each run at the point nearest to the pointer. */
    private void read() {
        List<CurveChart.Reading> readings = Double.isNaN(at) ? List.of() : chart.at(at);
        if (readings.isEmpty()) {
            chart.mark(null);
            readout.setText(text("run.curves.hint"));
            return;
        }
        boolean smoothed = quantity.getValue().noisy() && smoothing.getValue() > 0;
        CurveReadout words = new CurveReadout(along(), runs.size() > 1, smoothed);
        chart.mark(words.nearest(readings, at));
        readout.setText(words.line(readings, at));
    }

    private CurveChart.Along along() {
        return time.isSelected() ? CurveChart.Along.TIME : CurveChart.Along.STEPS;
    }
}
