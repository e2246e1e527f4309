package org.layerwise.gui.common;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.property.ObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;

/**
 * Bar above a pane whose last action failed, with the reason, a Retry button and a button to dismiss the bar. The
 * previous content of the pane remains visible.
 */
public final class ErrorBar extends HBox {

    public ErrorBar(ObjectProperty<@Nullable ReportedError> problem) {
        Label sentence = new Label();
        sentence.setWrapText(true);
        Nodes.fillWidth(sentence);
        sentence.textProperty().bind(problem.map(shown -> shown.title() + ". " + shown.sentence()));
        Button retry = Nodes.button("retry", text("action.retry"), () -> {
            ReportedError failed = problem.get();
            if (failed != null && failed.retry() != null) {
                failed.retry().run();
            }
        });
        retry.getStyleClass().add("small");
        Nodes.showWhen(retry, problem.map(shown -> shown.retry() != null).orElse(false));
        Button close =
                Nodes.iconButton("dismiss", Material2OutlinedAL.CLOSE, text("action.dismiss"), () -> problem.set(null));
        getStyleClass().add("problem-bar");
        setAlignment(Pos.CENTER_LEFT);
        getChildren().setAll(Icons.of(Material2OutlinedMZ.REPORT_PROBLEM), sentence, retry, close);
        Nodes.showWhen(this, problem.map(shown -> true).orElse(false));
    }
}
