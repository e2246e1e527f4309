package org.layerwise.gui.common;

import java.util.Locale;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.base.CheckResult;

/** Row for the result of one check: its state, its text, and advice. */
public final class FindingRow extends HBox {

    public FindingRow(CheckResult finding) {
        Label name = Nodes.label(finding.name() + ":", "strong");
        name.setMinWidth(USE_PREF_SIZE);
        Label found = Nodes.label(finding.text());
        found.setWrapText(true);
        VBox words = new VBox(new HBox(4, name, found));
        finding.advice().ifPresent(hint -> {
            Label advice = Nodes.label(hint, "muted");
            advice.setWrapText(true);
            words.getChildren().add(advice);
        });
        words.setFocusTraversable(false);
        HBox.setHgrow(words, Priority.ALWAYS);
        getChildren().setAll(icon(finding.state()), words);
        getStyleClass().add("finding");
        setAccessibleText(finding.name() + ": " + finding.text() + ". " + finding.hint());
    }

    private static FontIcon icon(CheckResult.State state) {
        FontIcon icon = Icons.of(
                switch (state) {
                    case OK -> Material2OutlinedAL.CHECK_CIRCLE;
                    case NOTE -> Material2OutlinedAL.INFO;
                    case WRONG -> Material2OutlinedAL.ERROR_OUTLINE;
                });
        icon.getStyleClass().add("finding-" + state.name().toLowerCase(Locale.ROOT));
        return icon;
    }
}
