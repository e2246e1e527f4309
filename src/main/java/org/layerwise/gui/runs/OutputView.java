package org.layerwise.gui.runs;

import static org.layerwise.gui.text.Messages.text;

import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.control.Nodes;
import org.layerwise.gui.dialog.Problem;
import org.layerwise.gui.session.RunEntry;

/** What a run has printed on its cluster; fetched when it is looked at, and anew on demand. */
final class OutputView extends BorderPane {

    private final RunsThere there;
    private final TextArea lines = new TextArea();
    private final Label state = Nodes.label("", "muted");
    private final Button refresh = Nodes.button("run-output-refresh", text("run.output.refresh"), this::fetch);
    private @Nullable RunEntry run;
    private @Nullable RunEntry fetched;

    OutputView(RunsThere there) {
        this.there = there;
        lines.setId("run-output");
        lines.setEditable(false);
        lines.getStyleClass().add("details");
        lines.setAccessibleText(text("run.page.output"));
        state.setId("run-output-state");
        state.setWrapText(true);
        state.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(state, Priority.ALWAYS);
        refresh.getStyleClass().add("small");
        HBox foot = new HBox(state, refresh);
        foot.getStyleClass().addAll("row", "output-foot");
        setCenter(lines);
        setBottom(foot);
        visibleProperty().addListener((visible, was, is) -> look());
    }

    /** Shows that of a run, once it is in sight. */
    void show(@Nullable RunEntry next) {
        run = next;
        look();
    }

    private void look() {
        if (isVisible() && run != null && run.sent() && run != fetched) {
            fetch();
        }
    }

    private void fetch() {
        RunEntry wanted = run;
        if (wanted == null) {
            return;
        }
        if (wanted != fetched) {
            lines.clear();
        }
        fetched = wanted;
        refresh.setDisable(true);
        state.setText(text("run.output.asking", wanted.placeProperty().get()));
        there.output(
                wanted,
                printed -> {
                    if (wanted == fetched) {
                        refresh.setDisable(false);
                        state.setText(printed.isBlank() ? text("run.output.none") : "");
                        lines.setText(printed);
                        lines.positionCaret(printed.length()); // the end is what people look for
                    }
                },
                thrown -> {
                    if (wanted == fetched) {
                        refresh.setDisable(false);
                        state.setText(Problem.of(text("run.output.failed"), thrown, null)
                                .sentence());
                    }
                });
    }
}
