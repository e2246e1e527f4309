package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.training.StepRecord;

/** Values of the last step of a run, each below its name. */
final class RunTiles extends GridPane {

    private static final List<String> NAMES =
            List.of("loss", "learning-rate", "gradient-norm", "speed", "memory", "left");

    private final Map<String, Label> values = new HashMap<>();

    RunTiles() {
        setId("run-tiles");
        getStyleClass().add("tiles");
        for (int at = 0; at < NAMES.size(); at++) {
            ColumnConstraints column = new ColumnConstraints();
            column.setHgrow(Priority.ALWAYS);
            getColumnConstraints().add(column);
            Label name = Nodes.shortened(Nodes.label(text("run.tile." + NAMES.get(at)), "caption"));
            Label value = Nodes.label("–", "strong", "figures");
            value.setId("run-tile-" + NAMES.get(at));
            value.setMinWidth(0);
            values.put(NAMES.get(at), value);
            add(new VBox(name, value), at, 0);
        }
    }

    /** Shows the values of the last step of a run. */
    void show(RunEntry run) {
        StepRecord last =
                run.steps().isEmpty() ? null : run.steps().get(run.steps().size() - 1);
        if (last == null) {
            NAMES.forEach(name -> set(name, "–", ""));
            return;
        }
        set("loss", NumberTexts.significant(last.loss()), String.valueOf(last.loss()));
        set("learning-rate", NumberTexts.significant(last.learningRate()), String.valueOf(last.learningRate()));
        set("gradient-norm", NumberTexts.significant(last.gradNorm()), String.valueOf(last.gradNorm()));
        set("speed", NumberTexts.rate(last.tokensPerSecond()), String.valueOf(last.tokensPerSecond()));
        set(
                "memory",
                last.memoryBytes() > 0 ? NumberTexts.bytes(last.memoryBytes()) : "–",
                NumberTexts.exact(last.memoryBytes()));
        set(
                "left",
                run.secondsLeft().isEmpty()
                        ? "–"
                        : NumberTexts.clock(run.secondsLeft().getAsDouble()),
                "");
    }

    private void set(String name, String words, String exact) {
        Label value = Objects.requireNonNull(values.get(name), name);
        value.setText(words);
        Tooltips.set(value, exact.isEmpty() ? words : exact);
    }
}
