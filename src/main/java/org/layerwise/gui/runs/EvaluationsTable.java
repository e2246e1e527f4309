package org.layerwise.gui.runs;

import static org.layerwise.gui.text.Messages.text;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.VBox;
import org.layerwise.gui.control.Nodes;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunEntry.Evaluated;
import org.layerwise.gui.text.Figures;
import org.layerwise.study.TrainingSummary;
import org.layerwise.training.Evaluation;

/** The first and the latest evaluation of a run and that on the test rows, a line each. */
final class EvaluationsTable extends GridPane {

    private record Line(String name, Evaluation evaluation) {}

    private static final String LOSS = "loss";

    private List<Line> lines = List.of();

    EvaluationsTable() {
        setId("run-metrics");
        getStyleClass().add("metrics");
        setMinHeight(USE_PREF_SIZE);
    }

    /** Shows those of a run. */
    void show(RunEntry run) {
        List<Line> now = lines(run);
        setVisible(!now.isEmpty());
        setManaged(!now.isEmpty());
        if (!now.equals(lines)) {
            lines = now;
            fill();
        }
    }

    private static List<Line> lines(RunEntry run) {
        List<Evaluated> all = run.evaluations();
        List<Line> lines = new ArrayList<>();
        if (!all.isEmpty()) {
            lines.add(line(all.get(0)));
        }
        if (all.size() > 1) {
            lines.add(line(all.get(all.size() - 1)));
        }
        TrainingSummary summary = run.summaryProperty().get();
        if (summary != null && summary.test() != null) {
            lines.add(new Line(text("run.test", Figures.exact(summary.test().samples())), summary.test()));
        }
        return lines;
    }

    private static Line line(Evaluated evaluated) {
        return new Line(
                evaluated.step() == 0 ? text("run.before") : text("run.after", Figures.exact(evaluated.step())),
                evaluated.evaluation());
    }

    private void fill() {
        getChildren().clear();
        if (lines.isEmpty()) {
            return;
        }
        Set<String> names = new LinkedHashSet<>();
        lines.forEach(line -> names.addAll(line.evaluation.metrics().keySet()));
        int samples = lines.get(0).evaluation.samples();
        addRow(
                0,
                Nodes.label(text("run.evaluation", Figures.exact(samples)), "caption"),
                Nodes.label(title(LOSS), "caption"));
        int column = 2;
        for (String name : names) {
            add(Nodes.label(title(name), "caption"), column++, 0);
        }
        for (int row = 0; row < lines.size(); row++) {
            Line line = lines.get(row);
            add(Nodes.label(line.name, "muted"), 0, row + 1);
            add(metric(LOSS, Optional.of(line.evaluation.loss()), line.evaluation), 1, row + 1);
            column = 2;
            for (String name : names) {
                add(
                        metric(
                                name,
                                Optional.ofNullable(line.evaluation.metrics().get(name)),
                                line.evaluation),
                        column++,
                        row + 1);
            }
        }
    }

    private String title(String name) {
        String metric = RunWords.metric(name);
        return lines.stream().anyMatch(line -> RunWords.interval(name, line.evaluation)
                        .isPresent())
                ? text("run.metric.with-interval", metric)
                : metric;
    }

    /** The value, with its interval below where there is one: beside it the columns would not fit into the pane. */
    private static Node metric(String name, Optional<Double> exact, Evaluation evaluation) {
        Label value = figure(exact);
        Optional<String> interval = RunWords.interval(name, evaluation);
        if (interval.isEmpty()) {
            return value;
        }
        Label below = Nodes.label(interval.get(), "caption");
        below.setMinWidth(USE_PREF_SIZE);
        below.setTooltip(new Tooltip(text("run.interval.tip")));
        return new VBox(value, below);
    }

    private static Label figure(Optional<Double> value) {
        Label label = Nodes.label(value.map(Figures::significant).orElse("–"), "figures");
        label.setMinWidth(USE_PREF_SIZE);
        value.ifPresent(exact -> label.setTooltip(new Tooltip(String.valueOf(exact))));
        return label;
    }
}
