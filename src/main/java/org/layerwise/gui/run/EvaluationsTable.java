package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.layerwise.gui.common.MetricTexts;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunEntry.Evaluated;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.training.Evaluation;

/**
 * Table with the first and the latest evaluation of a run and the evaluation on the test rows, one column each, and one
 * line per metric. If the adapter of an earlier step was kept, its evaluation replaces the latest one.
 */
final class EvaluationsTable extends GridPane {

    record Line(String name, Evaluation evaluation) {}

    private static final int MOST_BESIDE = 2;
    private static final double GAP = 6;
    private List<Line> lines = List.of();

    EvaluationsTable() {
        setId("run-metrics");
        getStyleClass().add("metrics");
        setMinHeight(USE_PREF_SIZE);
    }

    /** Shows the evaluations of a run. */
    void show(RunEntry run) {
        List<Line> now = lines(run);
        Nodes.show(this, !now.isEmpty());
        if (!now.equals(lines)) {
            lines = now;
            fill();
        }
    }

    /** Returns the columns of the table. */
    static List<Line> lines(RunEntry run) {
        List<Evaluated> all = run.evaluations();
        List<Line> lines = new ArrayList<>();
        if (!all.isEmpty()) {
            lines.add(line(all.get(0)));
        }
        TrainingSummary summary = run.summaryProperty().get();
        if (summary != null && summary.after() != null && summary.keptEarlier()) {
            lines.add(new Line(text("run.kept", NumberTexts.exact(summary.adapterStep())), summary.after()));
        } else if (all.size() > 1) {
            lines.add(line(all.get(all.size() - 1)));
        }
        if (summary != null && summary.test() != null) {
            lines.add(new Line(text("run.test", NumberTexts.exact(summary.test().samples())), summary.test()));
        }
        return lines;
    }

    private static Line line(Evaluated evaluated) {
        return new Line(
                evaluated.step() == 0 ? text("run.before") : text("run.after", NumberTexts.exact(evaluated.step())),
                evaluated.evaluation());
    }

    private void fill() {
        getChildren().clear();
        if (lines.isEmpty()) {
            return;
        }
        Set<String> names = new LinkedHashSet<>(List.of(Evaluation.LOSS));
        lines.forEach(line -> names.addAll(line.evaluation.metrics().keySet()));
        int samples = lines.get(0).evaluation.samples();
        add(Nodes.label(text("run.evaluation", NumberTexts.exact(samples)), "caption"), 0, 0);
        for (int column = 0; column < lines.size(); column++) {
            Label title = Nodes.label(lines.get(column).name, "caption");
            title.setMinWidth(USE_PREF_SIZE);
            add(title, column + 1, 0);
        }
        int row = 1;
        for (String name : names) {
            add(Nodes.label(title(name), "muted"), 0, row);
            for (int column = 0; column < lines.size(); column++) {
                Evaluation evaluation = lines.get(column).evaluation;
                Double value = name.equals(Evaluation.LOSS)
                        ? (Double) evaluation.loss()
                        : evaluation.metrics().get(name);
                add(metric(name, Optional.ofNullable(value), evaluation), column + 1, row);
            }
            row++;
        }
    }

    private String title(String name) {
        String metric = MetricTexts.name(name);
        return lines.stream().anyMatch(line -> RunTexts.interval(name, line.evaluation)
                        .isPresent())
                ? text("run.metric.with-interval", metric)
                : metric;
    }

    /**
     * Creates a cell with a value and, if known, its interval. The interval is below the value if the table has three
     * columns, because the pane is too narrow otherwise.
     */
    private Node metric(String name, Optional<Double> exact, Evaluation evaluation) {
        Label value = figure(exact);
        Optional<String> interval = RunTexts.interval(name, evaluation);
        if (interval.isEmpty()) {
            return MetricIntervals.without(name, evaluation)
                    .<Node>map(reason -> {
                        Label below = Nodes.label(reason, "caption");
                        below.setWrapText(true);
                        return new VBox(value, below);
                    })
                    .orElse(value);
        }
        Label below = Nodes.label(interval.get(), "caption");
        below.setMinWidth(USE_PREF_SIZE);
        Tooltips.set(below, text("run.interval.tip"));
        if (lines.size() > MOST_BESIDE) {
            return new VBox(value, below);
        }
        HBox beside = new HBox(value, below);
        beside.setAlignment(Pos.BASELINE_LEFT);
        beside.setSpacing(GAP);
        return beside;
    }

    private static Label figure(Optional<Double> value) {
        Label label = Nodes.label(value.map(NumberTexts::significant).orElse("–"), "figures");
        label.setMinWidth(USE_PREF_SIZE);
        value.ifPresent(exact -> Tooltips.set(label, String.valueOf(exact)));
        return label;
    }
}
