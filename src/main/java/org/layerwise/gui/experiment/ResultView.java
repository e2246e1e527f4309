package org.layerwise.gui.experiment;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javafx.beans.InvalidationListener;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.ChartCard;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.SheetTable;
import org.layerwise.gui.session.ExperimentEntry;
import org.layerwise.gui.session.ExperimentEntry.State;
import org.layerwise.study.experiment.outcome.Outcome;

/** Experiment on display: its state, the pilot, the conclusion, the table of the arms, and the figures. */
final class ResultView extends ScrollPane {

    private static final double CHART = 330;
    private static final double ROW = 26;
    /** Header of the table, its border, and a scroll bar. */
    private static final double HEADER = 60;
    /** Width from which on two charts are beside each other. */
    private static final double WIDE = 700;

    private static final int MOST_ROWS = 14;

    private final ExperimentViewModel experiment;
    private final ObservableValue<ChartStyle> style;
    private final Label title = Nodes.label("", "title-text");
    private final Label state = Nodes.label("", "muted");
    private final Button report;
    private final Button stop;
    private final Button export;
    private final VBox pilot = new VBox();
    private final VBox conclusion = new VBox();
    private final VBox remarks = new VBox();
    private final SheetTable table;
    private final GridPane charts = new GridPane();
    private final Map<OutcomeFigures.Kind, ChartCard> cards = new EnumMap<>(OutcomeFigures.Kind.class);
    private final Map<OutcomeFigures.Kind, Figure> figures = new EnumMap<>(OutcomeFigures.Kind.class);
    private final InvalidationListener changed = observable -> show();
    private @Nullable ExperimentEntry entry;
    private @Nullable Outcome drawn;
    private int columns = 1;

    ResultView(ExperimentViewModel experiment, ObservableValue<ChartStyle> style) {
        this.experiment = experiment;
        this.style = style;
        title.setId("experiment-name");
        state.setId("experiment-state");
        report = Nodes.button("experiment-report", text("experiment.report"), experiment::openReport);
        export = Nodes.button("experiment-export", text("experiment.export"), experiment::exportTable);
        stop = Nodes.button("experiment-stop", text("experiment.stop"), experiment::stop);
        HBox heading = Nodes.row(Nodes.shortened(title), Nodes.spring(), stop, export, report);
        for (VBox part : List.of(pilot, conclusion, remarks)) {
            part.getStyleClass().add("sentences");
        }
        pilot.setId("experiment-pilot-result");
        conclusion.setId("experiment-conclusion");
        remarks.setId("experiment-remarks");
        table = new SheetTable(
                "experiment-table",
                text("experiment.table"),
                experiment
                        .session()
                        .experimentProperty()
                        .flatMap(ExperimentEntry::outcomeProperty)
                        .map(OutcomeSheet::of)
                        .orElse(OutcomeSheet.of(null)));
        for (OutcomeFigures.Kind kind : OutcomeFigures.Kind.values()) {
            ChartCard card = new ChartCard(kind.id(), kind.title(), experiment.exports(), () -> figures.get(kind));
            card.setMinHeight(CHART);
            card.setPrefHeight(CHART);
            card.setPrefWidth(CHART);
            GridPane.setHgrow(card, Priority.ALWAYS);
            cards.put(kind, card);
        }
        charts.getStyleClass().add("lab");
        charts.widthProperty().subscribe(width -> place(width.doubleValue() >= WIDE ? 2 : 1));
        VBox page = new VBox(heading, state, conclusion, pilot, table, charts, remarks);
        page.getStyleClass().add("page");
        setContent(page);
        setId("experiment-result");
        setFitToWidth(true);
        setFocusTraversable(false);
        setHbarPolicy(ScrollBarPolicy.NEVER);
        style.addListener((observable, was, is) -> draw());
        experiment.session().experimentProperty().subscribe(this::follow);
    }

    private void follow(@Nullable ExperimentEntry is) {
        if (entry != null) {
            entry.stateProperty().removeListener(changed);
            entry.placeProperty().removeListener(changed);
            entry.outcomeProperty().removeListener(changed);
            entry.pilot().removeListener(changed);
            entry.remarks().removeListener(changed);
        }
        entry = is;
        if (is != null) {
            is.stateProperty().addListener(changed);
            is.placeProperty().addListener(changed);
            is.outcomeProperty().addListener(changed);
            is.pilot().addListener(changed);
            is.remarks().addListener(changed);
        }
        drawn = null;
        show();
    }

    private void show() {
        ExperimentEntry now = entry;
        if (now == null) {
            return;
        }
        State reached = now.stateProperty().get();
        Outcome outcome = now.outcomeProperty().get();
        title.setText(now.name());
        String place = now.placeProperty().get();
        state.setText(
                place.isEmpty() ? text("experiment.state." + reached.name().toLowerCase(Locale.ROOT)) : place);
        Nodes.show(stop, reached.active());
        Nodes.show(report, reached == State.FINISHED);
        Nodes.show(export, outcome != null);
        fill(pilot, now.pilot(), "");
        fill(conclusion, outcome == null ? List.of() : outcome.conclusion(), "strong");
        fill(remarks, now.remarks(), "muted");
        Nodes.show(table, outcome != null);
        Nodes.show(charts, outcome != null);
        int rows = outcome == null ? 0 : Math.min(MOST_ROWS, outcome.arms().size());
        table.setPrefHeight(HEADER + ROW * rows);
        table.setMinHeight(HEADER + ROW * rows);
        if (outcome != drawn) {
            drawn = outcome;
            draw();
        }
    }

    /** Places the charts in columns of equal width. */
    private void place(int number) {
        columns = number;
        List<ColumnConstraints> equal = new ArrayList<>();
        for (int column = 0; column < number; column++) {
            ColumnConstraints one = new ColumnConstraints();
            one.setPercentWidth(100.0 / number);
            equal.add(one);
        }
        charts.getColumnConstraints().setAll(equal);
        for (int at = 0; at < charts.getChildren().size(); at++) {
            GridPane.setConstraints(charts.getChildren().get(at), at % number, at / number);
        }
    }

    private static void fill(VBox box, List<String> sentences, String look) {
        box.getChildren()
                .setAll(sentences.stream()
                        .map(words -> look.isEmpty() ? Nodes.label(words) : Nodes.label(words, look))
                        .map(Nodes::wrapped)
                        .toList());
        Nodes.show(box, !sentences.isEmpty());
    }

    /** Draws the figures that the outcome has. */
    private void draw() {
        figures.clear();
        Outcome outcome = drawn;
        if (outcome == null) {
            charts.getChildren().clear();
            return;
        }
        List<Node> shown = new ArrayList<>();
        for (OutcomeFigures.Kind kind : OutcomeFigures.Kind.values()) {
            Figure figure = OutcomeFigures.of(kind, outcome).orElse(null);
            ChartCard card = cards.get(kind);
            if (figure != null && card != null) {
                figures.put(kind, figure);
                card.show(figure.draw().apply(style.getValue()));
                shown.add(card);
            }
        }
        charts.getChildren().setAll(shown);
        place(columns);
    }
}
