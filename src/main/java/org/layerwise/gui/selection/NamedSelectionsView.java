package org.layerwise.gui.selection;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.property.ObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.SelectionDiffView;
import org.layerwise.gui.selection.NamedSelections.Choice;
import org.layerwise.selection.SelectionDiff;
import org.layerwise.study.document.NamedSelection;

/** Window that compares two selections: the choice of both sides, their difference, and actions for the saved ones. */
public final class NamedSelectionsView extends BorderPane {

    private final NamedSelections kept;
    private final StackPane body = new StackPane();

    /** @param close closes the window */
    public NamedSelectionsView(NamedSelections kept, Runnable close) {
        this.kept = kept;
        GridPane sides = new GridPane();
        sides.getStyleClass().add("form");
        side(sides, 0, "first", kept.firstProperty());
        side(sides, 1, "second", kept.secondProperty());
        var keep = Nodes.button("keep-selection", text("kept.keep"), kept::keep);
        var done = Nodes.button("kept-close", text("action.close"), close);
        HBox buttons = Nodes.row(keep, Nodes.spring(), done);
        getStyleClass().addAll("pane", "export-window");
        setTop(sides);
        setCenter(body);
        setBottom(buttons);
        body.setAlignment(Pos.TOP_LEFT);
        kept.diffProperty().subscribe(this::show);
        // after a renaming, the difference is the same, but the names are not
        kept.firstProperty()
                .addListener((observable, was, is) -> show(kept.diffProperty().get()));
        kept.secondProperty()
                .addListener((observable, was, is) -> show(kept.diffProperty().get()));
    }

    private void side(GridPane sides, int row, String key, ObjectProperty<@Nullable Choice> chosen) {
        ChoiceBox<Choice> box = new ChoiceBox<>(kept.choices());
        box.setId("kept-" + key);
        box.setMaxWidth(Double.MAX_VALUE);
        box.setConverter(Nodes.words(choice -> choice == null ? text("kept.choose") : choice.name()));
        box.valueProperty().bindBidirectional(chosen);
        GridPane.setHgrow(box, Priority.ALWAYS);
        TextField name = new TextField();
        name.setId("kept-name-" + key);
        name.setAccessibleText(text("kept.rename"));
        name.setPromptText(text("kept.rename"));
        Runnable rename = () -> of(chosen, own -> kept.rename(own, name.getText()));
        name.setOnAction(event -> rename.run());
        name.focusedProperty().addListener((observable, was, is) -> {
            if (!is) {
                rename.run();
            }
        });
        Button use = Nodes.button("kept-use-" + key, text("kept.use"), () -> of(chosen, kept::use));
        Button delete = Nodes.button("kept-delete-" + key, text("kept.delete"), () -> of(chosen, kept::delete));
        chosen.subscribe(choice -> updateButtons(choice, name, use, delete));
        sides.addRow(row, Nodes.caption(text("kept." + key), box), box, name, use, delete);
    }

    private void updateButtons(@Nullable Choice choice, TextField name, Button use, Button delete) {
        NamedSelection own = choice == null ? null : choice.kept();
        name.setText(own == null ? "" : own.name());
        name.setDisable(own == null);
        use.setDisable(own == null || !kept.fits(own));
        delete.setDisable(own == null);
    }

    private static void of(
            ObjectProperty<@Nullable Choice> chosen, java.util.function.Consumer<NamedSelection> action) {
        Choice choice = chosen.get();
        if (choice != null && choice.kept() != null) {
            action.accept(choice.kept());
        }
    }

    private void show(@Nullable SelectionDiff diff) {
        body.getChildren().setAll(diff == null ? nothing() : diff(diff));
    }

    private Node diff(SelectionDiff diff) {
        Choice first = kept.firstProperty().get();
        Choice second = kept.secondProperty().get();
        return new SelectionDiffView(diff, first == null ? "" : first.name(), second == null ? "" : second.name());
    }

    private Node nothing() {
        Label words = Nodes.label(text(kept.choices().size() < 2 ? "kept.none" : "kept.other"), "muted");
        words.setId("kept-none");
        words.setWrapText(true);
        return words;
    }
}
