package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.session.RunEntry;

/** Output that a run has printed on its cluster. Fetched when this view becomes visible, and again on request. */
final class OutputView extends BorderPane {

    private final RemoteRunController there;
    private final TextArea lines = new TextArea();
    private final Label state = Nodes.label("", "muted");
    private final Button refresh = Nodes.button("run-output-refresh", text("run.output.refresh"), this::fetch);
    private @Nullable RunEntry run;
    private @Nullable RunEntry fetched;

    OutputView(RemoteRunController there) {
        this.there = there;
        lines.setId("run-output");
        lines.setEditable(false);
        lines.getStyleClass().add("details");
        lines.setAccessibleText(text("run.page.output"));
        state.setId("run-output-state");
        state.setWrapText(true);
        Nodes.fillWidth(state);
        refresh.getStyleClass().add("small");
        HBox foot = new HBox(state, refresh);
        foot.getStyleClass().addAll("row", "output-foot");
        setCenter(lines);
        setBottom(foot);
        visibleProperty().addListener((visible, was, is) -> look());
    }

    /**
     * Sets the run whose output is fetched when this view is visible.
     *
     * @param next run to show; null for none
     */
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
                        lines.positionCaret(printed.length()); // scrolls to the end, which has the newest output
                    }
                },
                thrown -> {
                    if (wanted == fetched) {
                        refresh.setDisable(false);
                        state.setText(ReportedError.of(text("run.output.failed"), thrown, null)
                                .sentence());
                    }
                });
    }
}
