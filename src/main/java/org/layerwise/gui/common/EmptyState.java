package org.layerwise.gui.common;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.scene.text.TextAlignment;
import org.kordamp.ikonli.Ikon;

/** Placeholder of an empty pane: its purpose, instructions, and buttons for the next action. */
public final class EmptyState extends VBox {

    private static final double WIDTH = 420;

    private final Label heading = new Label();
    private final Label text = Nodes.label("", "muted");

    /** Creates a placeholder with a title that follows an observable value. */
    public EmptyState(Ikon icon, ObservableValue<String> title, String advice) {
        this(icon, "", advice);
        heading.textProperty().bind(title);
    }

    /** Creates a placeholder with instructions that follow an observable value. */
    public EmptyState(Ikon icon, String title, ObservableValue<String> advice, Button... actions) {
        this(icon, title, "", actions);
        text.textProperty().bind(advice);
    }

    public EmptyState(Ikon icon, String title, String advice, Button... actions) {
        heading.setText(title);
        heading.getStyleClass().add("heading");
        heading.setWrapText(true);
        heading.setTextAlignment(TextAlignment.CENTER);
        text.setText(advice);
        text.setWrapText(true);
        text.setTextAlignment(TextAlignment.CENTER);
        text.setAlignment(Pos.CENTER);
        text.setMaxWidth(WIDTH);
        HBox buttons = new HBox(actions);
        buttons.getStyleClass().add("centred-row");
        buttons.setAlignment(Pos.CENTER);
        getStyleClass().add("empty-state");
        setAlignment(Pos.CENTER);
        getChildren().setAll(Icons.large(icon), heading, text, buttons);
    }
}
