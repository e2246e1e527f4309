package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunEntry.State;
import org.layerwise.run.Run;
import org.layerwise.run.TrainingSummary;
import org.layerwise.training.StepRecord;

/** View of one run: state, curves or log, evaluations, and buttons to pause, stop, resume or follow the run. */
public final class RunView extends VBox {

    private final ObservableList<RunEntry> shown = FXCollections.observableArrayList();
    private final Label title = Nodes.shortened(Nodes.label("", "title-text"));
    private final Label layers = Nodes.shortened(Nodes.label("", "muted", "figures"));
    private final Label state = Nodes.wrapped(Nodes.label("", "muted", "figures"));
    private final Label place = Nodes.label("", "muted");
    private final Label unmeasured = Nodes.wrapped(Nodes.label(text("run.no.validation"), "notice"));
    private final RunTiles tiles = new RunTiles();
    private final EvaluationsTable evaluations = new EvaluationsTable();
    private final RunLogView log = new RunLogView();
    private final Button pause;
    private final Button stop;
    private final Button resume;
    private final Button follow;
    private final ToggleButton curvesPage;
    private final ToggleButton outputPage;
    private final OutputView output;
    private final RunActionBar bar;
    private final Label workers = Nodes.shortened(Nodes.label("", "muted", "figures"));
    private final ReadOnlyObjectWrapper<State> now = new ReadOnlyObjectWrapper<>(State.QUEUED);
    private final ReadOnlyStringWrapper nothing = new ReadOnlyStringWrapper("");
    private final ListChangeListener<Object> came = change -> describe();
    private final ChangeListener<Object> changes = (observable, was, is) -> describe();
    private @Nullable RunEntry run;

    /**
     * Creates the view.
     *
     * @param watched run to show; null for none
     * @param actions actions that are offered when the run has ended
     */
    public RunView(
            RunController work,
            FigureExporter exports,
            ObservableValue<@Nullable RunEntry> watched,
            ObservableValue<ChartStyle> style,
            List<RunAction> actions) {
        pause = Nodes.button("run-pause", text("tasks.pause"), () -> act(work::togglePause));
        stop = Nodes.button("run-cancel", text("action.cancel"), () -> act(work::stop));
        resume = Nodes.button("run-resume", text("tasks.resume"), () -> act(work::resume));
        follow = Nodes.button("run-follow", text("run.follow"), () -> act(work.there()::follow));
        output = new OutputView(work.there());
        bar = new RunActionBar(actions);
        workers.setId("run-workers");
        title.setId("run-title");
        Nodes.fillWidth(title);
        HBox heading = Nodes.row(title, pause, stop, resume, follow);
        layers.setId("run-layers");
        state.setId("run-state");
        unmeasured.setId("run-unmeasured");
        place.setTextOverrun(OverrunStyle.LEADING_ELLIPSIS);
        place.setMinHeight(USE_PREF_SIZE);

        CurvesView curves = new CurvesView("curve", shown, exports, style);
        curves.whenEmpty(nothing);
        StackPane content = new StackPane(curves, log, output);
        content.setMinHeight(0);
        VBox.setVgrow(content, Priority.ALWAYS);
        ToggleGroup pages = new ToggleGroup();
        curvesPage = page("run-page-curves", text("run.page.curves"), "left-pill", pages);
        ToggleButton logPage = page("run-page-log", text("run.page.log"), "center-pill", pages);
        outputPage = page("run-page-output", text("run.page.output"), "right-pill", pages);
        Tooltips.set(outputPage, text("run.page.output.tip"));
        outputPage
                .visibleProperty()
                .addListener((visible, was, is) -> shape(logPage, is ? "center-pill" : "right-pill"));
        curvesPage.setSelected(true);
        Nodes.showWhen(curves, curvesPage.selectedProperty());
        Nodes.showWhen(log, logPage.selectedProperty());
        Nodes.showWhen(output, outputPage.selectedProperty());
        HBox segments = new HBox(curvesPage, logPage, outputPage);
        segments.getStyleClass().add("segments");
        HBox buttons = curves.buttons();
        Nodes.showWhen(buttons, curvesPage.selectedProperty());
        HBox switches = Nodes.row(segments, Nodes.spring(), buttons);
        getStyleClass().add("page");
        getChildren()
                .setAll(
                        new VBox(heading, layers, state, workers),
                        bar,
                        tiles,
                        switches,
                        content,
                        evaluations,
                        unmeasured,
                        place);
        watched.addListener((observable, was, is) -> show(is));
        show(watched.getValue());
    }

    private static ToggleButton page(String id, String words, String shape, ToggleGroup group) {
        ToggleButton button = new ToggleButton(words);
        button.setId(id);
        button.setToggleGroup(group);
        button.getStyleClass().addAll("small", shape);
        // keeps one of the buttons pressed
        button.setOnAction(event -> button.setSelected(true));
        return button;
    }

    private static void shape(ToggleButton button, String shape) {
        button.getStyleClass().removeAll("center-pill", "right-pill");
        button.getStyleClass().add(shape);
    }

    static Button small(String id, String words, String accessible, Runnable action) {
        Button button = Nodes.button(id, words, action);
        button.getStyleClass().addAll("small", "flat");
        button.setAccessibleText(accessible);
        Tooltips.set(button, accessible);
        return button;
    }

    private void act(Consumer<RunEntry> action) {
        if (run != null) {
            action.accept(run);
        }
    }

    private void show(@Nullable RunEntry next) {
        if (run != null) {
            run.steps().removeListener(came);
            run.evaluations().removeListener(came);
            run.stateProperty().removeListener(changes);
            run.summaryProperty().removeListener(changes);
            run.recordProperty().removeListener(changes);
            run.thereProperty().removeListener(changes);
            run.workersProperty().removeListener(changes);
        }
        run = next;
        log.show(next);
        output.show(next);
        shown.setAll(next == null ? List.of() : List.of(next));
        if (next != null) {
            next.steps().addListener(came);
            next.evaluations().addListener(came);
            next.stateProperty().addListener(changes);
            next.summaryProperty().addListener(changes);
            next.recordProperty().addListener(changes);
            next.thereProperty().addListener(changes);
            next.workersProperty().addListener(changes);
            describe();
        }
    }

    private void describe() {
        RunEntry entry = run;
        if (entry == null) {
            return;
        }
        now.set(entry.stateProperty().get());
        boolean known = !entry.layers().isEmpty();
        title.setText(
                known
                        ? text("run.title", entry.number(), entry.layers().size(), entry.of())
                        : text("run.title.plain", entry.number(), entry.shortName()));
        layers.setText(known ? text("run.layers", NumberTexts.layers(entry.layers())) : "");
        Nodes.show(layers, known);
        place.setText(entry.folder().toString());
        Tooltips.set(place, place.getText());
        state.setText(RunTexts.state(entry) + facts(entry));
        workers.setText(entry.workersProperty().get());
        Nodes.show(workers, entry.active() && !workers.getText().isEmpty());
        Nodes.show(outputPage, entry.sent());
        if (!entry.sent() && outputPage.isSelected()) {
            outputPage.getToggleGroup().selectToggle(curvesPage);
        }
        nothing.set(text(entry.active() ? "training.no.steps" : "run.no.steps"));
        boolean working = entry.active() && now.get().working() && now.get() != State.STOPPING;
        Nodes.show(pause, working && !entry.sent());
        Nodes.show(follow, entry.isUnfollowed());
        resume.setText(RunTexts.goOn(entry));
        pause.setText(text(now.get() == State.PAUSED ? "tasks.resume" : "tasks.pause"));
        Nodes.show(stop, entry.active() && now.get() != State.STOPPING);
        Nodes.show(resume, entry.resumable());
        // the first evaluation on held-out rows comes before the first step
        Nodes.show(unmeasured, !entry.steps().isEmpty() && entry.evaluations().isEmpty());
        bar.show(entry);
        tiles.show(entry);
        evaluations.show(entry);
    }

    private static String facts(RunEntry entry) {
        TrainingSummary summary = entry.summaryProperty().get();
        if (summary != null) {
            return text(
                    "run.summary",
                    NumberTexts.exact(summary.steps()),
                    NumberTexts.duration(summary.seconds()),
                    NumberTexts.parameters(summary.trainableParameters()),
                    summary.trainableParameters() > summary.adapterParameters() ? text("run.head") : "",
                    RunTexts.memory(entry, summary.peakMemoryBytes()));
        }
        Run record = entry.recordProperty().get();
        String reason = record == null || entry.stateProperty().get() != State.FAILED ? null : record.reason();
        if (reason != null) {
            return text("run.reason", reason);
        }
        if (entry.steps().isEmpty()) {
            return "";
        }
        StepRecord last = entry.steps().get(entry.steps().size() - 1);
        return text("run.step", NumberTexts.exact(last.step()), NumberTexts.exact(last.totalSteps()));
    }
}
