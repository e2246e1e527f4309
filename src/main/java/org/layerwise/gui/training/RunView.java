package org.layerwise.gui.training;

import static org.layerwise.gui.text.Messages.text;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jfree.chart.axis.NumberAxis;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.ChartStyle;
import org.layerwise.chart.CurveChart;
import org.layerwise.gui.chart.ChartPane;
import org.layerwise.gui.control.Nodes;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunEntry.Evaluated;
import org.layerwise.gui.text.Figures;
import org.layerwise.study.TrainingSummary;
import org.layerwise.training.StepRecord;

/** One run: its loss as it goes, its evaluations, and what came of it. */
final class RunView extends VBox {

    private static final double LEFT_MARGIN = 0.03;

    private final CurveChart chart;
    private final ChartPane pane;
    private final Label title = Nodes.shortened(Nodes.label("", "title-text"));
    private final Label state = Nodes.label("", "muted", "figures");
    private final Label place = Nodes.label("", "muted");
    private final Label nothing = Nodes.label(text("training.no.steps"), "muted");
    private final Label unmeasured = Nodes.label(text("run.no.validation"), "notice");
    private final GridPane metrics = new GridPane();
    private final ListChangeListener<StepRecord> steps = this::stepsCame;
    private final ListChangeListener<Evaluated> evaluations = change -> evaluationsCame();
    private final ChangeListener<Object> changes = (observable, was, is) -> describe();
    private @Nullable RunEntry run;
    private int evaluationsShown;

    RunView(ObservableValue<@Nullable RunEntry> shown, ObservableValue<ChartStyle> style) {
        chart = new CurveChart(text("training.loss"), style.getValue());
        // a marker at step 0 must not be cut
        NumberAxis axis = (NumberAxis) chart.chart().getXYPlot().getDomainAxis();
        axis.setAutoRangeStickyZero(false);
        axis.setLowerMargin(LEFT_MARGIN);
        pane = new ChartPane(chart.chart());
        pane.setId("curve");
        pane.setAccessibleText(text("training.curve"));
        StackPane curve = new StackPane(pane, nothing);
        VBox.setVgrow(curve, Priority.ALWAYS);
        title.setId("run-title");
        state.setId("run-state");
        state.setWrapText(true);
        state.setMinHeight(USE_PREF_SIZE);
        place.setTextOverrun(OverrunStyle.LEADING_ELLIPSIS);
        metrics.setId("run-metrics");
        metrics.getStyleClass().add("metrics");
        getStyleClass().add("page");
        unmeasured.setId("run-unmeasured");
        unmeasured.setWrapText(true);
        getChildren().setAll(new VBox(title, state), curve, metrics, unmeasured, place);
        style.addListener((observable, was, is) -> chart.restyle(is));
        shown.addListener((observable, was, is) -> show(is));
        show(shown.getValue());
    }

    private void show(@Nullable RunEntry next) {
        if (run != null) {
            run.steps().removeListener(steps);
            run.evaluations().removeListener(evaluations);
            run.stateProperty().removeListener(changes);
            run.summaryProperty().removeListener(changes);
        }
        run = next;
        chart.clear();
        evaluationsShown = 0;
        if (next != null) {
            append(next.steps());
            next.steps().addListener(steps);
            next.evaluations().addListener(evaluations);
            next.stateProperty().addListener(changes);
            next.summaryProperty().addListener(changes);
            evaluationsCame();
            describe();
        }
    }

    private void stepsCame(ListChangeListener.Change<? extends StepRecord> change) {
        while (change.next()) {
            append(change.getAddedSubList());
        }
        describe();
    }

    private void append(List<? extends StepRecord> records) {
        chart.append(
                text("training.loss"),
                records.stream()
                        .map(step -> new CurveChart.Point(step.step(), step.loss()))
                        .toList());
    }

    private void evaluationsCame() {
        RunEntry now = run;
        if (now == null) {
            return;
        }
        List<Evaluated> all = now.evaluations();
        for (; evaluationsShown < all.size(); evaluationsShown++) {
            Evaluated evaluated = all.get(evaluationsShown);
            chart.appendEvaluation(
                    text("training.loss"),
                    new CurveChart.Point(
                            evaluated.step(), evaluated.evaluation().loss()));
        }
        describe();
    }

    private void describe() {
        RunEntry now = run;
        if (now == null) {
            return;
        }
        title.setText(text("run.title", now.number(), now.layers().size(), now.of(), Figures.layers(now.layers())));
        place.setText(now.folder().toString());
        place.setTooltip(new Tooltip(now.folder().toString()));
        String word = text("run.state." + now.stateProperty().get().name().toLowerCase(Locale.ROOT));
        state.setText(word + facts(now));
        boolean drawn = !now.steps().isEmpty() || !now.evaluations().isEmpty();
        pane.setVisible(drawn);
        nothing.setVisible(!drawn && now.active());
        // held-out rows are looked at before the first step
        boolean silent = !now.steps().isEmpty() && now.evaluations().isEmpty();
        unmeasured.setVisible(silent);
        unmeasured.setManaged(silent);
        table(now);
    }

    private static String facts(RunEntry now) {
        TrainingSummary summary = now.summaryProperty().get();
        if (summary != null) {
            return text(
                    "run.summary",
                    Figures.exact(summary.steps()),
                    Figures.duration(summary.seconds()),
                    Figures.parameters(summary.trainableParameters()),
                    summary.trainableParameters() > summary.adapterParameters() ? text("run.head") : "",
                    Figures.bytes(summary.peakMemoryBytes()));
        }
        if (now.steps().isEmpty()) {
            return "";
        }
        StepRecord last = now.steps().get(now.steps().size() - 1);
        return text(
                "run.step",
                Figures.exact(last.step()),
                Figures.exact(last.totalSteps()),
                Figures.significant(last.loss()),
                Figures.significant(last.tokensPerSecond()));
    }

    /** The first and the latest evaluation, a column each. */
    private void table(RunEntry now) {
        metrics.getChildren().clear();
        List<Evaluated> all = now.evaluations();
        metrics.setVisible(!all.isEmpty());
        metrics.setManaged(!all.isEmpty());
        if (all.isEmpty()) {
            return;
        }
        List<Evaluated> shown = new ArrayList<>(List.of(all.get(0)));
        if (all.size() > 1) {
            shown.add(all.get(all.size() - 1));
        }
        Set<String> names = new LinkedHashSet<>();
        shown.forEach(evaluated -> names.addAll(evaluated.evaluation().metrics().keySet()));
        metrics.addRow(
                0,
                Nodes.label(
                        text(
                                "run.evaluation",
                                Figures.exact(shown.get(0).evaluation().samples())),
                        "caption"));
        metrics.add(Nodes.label(text("run.metric.loss"), "caption"), 1, 0);
        int column = 2;
        for (String name : names) {
            metrics.add(Nodes.label(text("run.metric." + name), "caption"), column++, 0);
        }
        for (int row = 0; row < shown.size(); row++) {
            Evaluated evaluated = shown.get(row);
            metrics.add(
                    Nodes.label(
                            evaluated.step() == 0
                                    ? text("run.before")
                                    : text("run.after", Figures.exact(evaluated.step())),
                            "muted"),
                    0,
                    row + 1);
            metrics.add(figure(Optional.of(evaluated.evaluation().loss())), 1, row + 1);
            column = 2;
            for (String name : names) {
                metrics.add(
                        figure(Optional.ofNullable(
                                evaluated.evaluation().metrics().get(name))),
                        column++,
                        row + 1);
            }
        }
    }

    private static Label figure(Optional<Double> value) {
        Label label = Nodes.label(value.map(Figures::significant).orElse("–"), "figures");
        value.ifPresent(exact -> label.setTooltip(new Tooltip(String.valueOf(exact))));
        return label;
    }
}
