package org.layerwise.gui.app;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.function.Supplier;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.Command;
import org.layerwise.gui.common.Nodes;

/** Command palette: a search field with the matching commands below. Drawn inside the window, like notices. */
public final class PaletteView extends StackPane {

    private static final double WIDTH = 560;
    private static final double ROW_HEIGHT = 32;
    private static final int MOST_ROWS = 12;

    private final Supplier<List<Command>> all;
    private final TextField field = new TextField();
    private final ListView<Command> list = new ListView<>();
    private final Label nothing = Nodes.label(text("palette.nothing"), "muted");
    private List<Command> commands = List.of();
    private @Nullable Node before;

    /**
     * Creates a hidden palette.
     *
     * @param all supplies the commands in their current state
     */
    public PaletteView(Supplier<List<Command>> all) {
        this.all = all;
        setAlignment(Pos.TOP_CENTER);
        getStyleClass().add("palette-ground");
        setVisible(false);
        setOnMousePressed(event -> {
            if (event.getTarget() == this) {
                hide();
            }
        });
    }

    /** Adds the controls, which the window would otherwise style although they are rarely shown. */
    private void build() {
        field.setId("palette-field");
        field.setPromptText(text("palette.prompt"));
        field.setAccessibleText(text("palette.prompt"));
        list.setId("palette-list");
        list.setAccessibleText(text("palette.list"));
        list.setFixedCellSize(ROW_HEIGHT);
        list.setFocusTraversable(false);
        list.setCellFactory(of -> new Row());
        nothing.setMinHeight(ROW_HEIGHT);
        VBox box = new VBox(field, list, nothing);
        box.getStyleClass().add("palette");
        box.setMaxSize(WIDTH, Region.USE_PREF_SIZE);
        box.setAccessibleRole(AccessibleRole.DIALOG);
        box.setAccessibleText(text("palette.title"));
        field.textProperty().addListener((observable, was, is) -> filter());
        field.addEventFilter(KeyEvent.KEY_PRESSED, this::press);
        field.focusedProperty().addListener((observable, was, is) -> {
            if (!is) {
                hide();
            }
        });
        getChildren().setAll(box);
    }

    /** Shows or hides the palette. */
    public void toggle() {
        if (isVisible()) {
            hide();
            return;
        }
        if (getChildren().isEmpty()) {
            build();
        }
        before = getScene() == null ? null : getScene().getFocusOwner();
        commands = all.get();
        field.clear();
        filter();
        setVisible(true);
        field.requestFocus();
    }

    private void hide() {
        if (isVisible()) {
            setVisible(false);
            if (before != null && field.isFocused()) {
                before.requestFocus();
            }
        }
    }

    private void filter() {
        List<Command> found = CommandSearch.find(field.getText(), commands);
        list.getItems().setAll(found);
        list.getSelectionModel().selectFirst();
        list.scrollTo(0);
        int rows = Math.min(MOST_ROWS, found.size());
        list.setPrefHeight(rows * ROW_HEIGHT + 2);
        list.setMinHeight(list.getPrefHeight());
        list.setMaxHeight(list.getPrefHeight());
        Nodes.show(list, rows > 0);
        Nodes.show(nothing, rows == 0);
    }

    private void press(KeyEvent key) {
        int rows = list.getItems().size();
        int now = list.getSelectionModel().getSelectedIndex();
        if (key.getCode() == KeyCode.ESCAPE) {
            hide();
        } else if (key.getCode() == KeyCode.ENTER) {
            run();
        } else if (key.getCode() == KeyCode.DOWN && rows > 0) {
            choose((now + 1) % rows);
        } else if (key.getCode() == KeyCode.UP && rows > 0) {
            choose((now + rows - 1) % rows);
        } else if (key.getCode() == KeyCode.PAGE_DOWN && rows > 0) {
            choose(Math.min(rows - 1, now + MOST_ROWS));
        } else if (key.getCode() == KeyCode.PAGE_UP && rows > 0) {
            choose(Math.max(0, now - MOST_ROWS));
        } else {
            return;
        }
        key.consume();
    }

    private void choose(int row) {
        list.getSelectionModel().select(row);
        list.scrollTo(Math.max(0, row - MOST_ROWS + 1));
        Command chosen = list.getSelectionModel().getSelectedItem();
        field.setAccessibleHelp(chosen == null ? null : chosen.name()); // read aloud, as the field keeps the focus
    }

    private void run() {
        Command chosen = list.getSelectionModel().getSelectedItem();
        if (chosen != null && chosen.enabled()) {
            hide();
            chosen.action().run();
        }
    }

    private final class Row extends ListCell<Command> {

        private final Label name = new Label();
        private final Label place = Nodes.label("", "caption");
        private final Label keys = Nodes.label("", "keys");
        private final HBox row = Nodes.row(name, place, Nodes.spring(), keys);

        Row() {
            getStyleClass().add("palette-row");
            name.setMinWidth(USE_PREF_SIZE);
            keys.setMinWidth(USE_PREF_SIZE);
            setPrefWidth(0);
            setOnMousePressed(event -> {
                if (getItem() != null) {
                    getListView().getSelectionModel().select(getIndex());
                    run();
                }
                event.consume();
            });
        }

        @Override
        protected void updateItem(@Nullable Command command, boolean empty) {
            super.updateItem(command, empty);
            setText(null);
            if (empty || command == null) {
                setGraphic(null);
                return;
            }
            name.setText(command.name());
            place.setText(command.place());
            keys.setText(command.keys());
            keys.setVisible(!command.keys().isEmpty());
            row.setDisable(!command.enabled());
            setAccessibleText(command.name() + ", " + command.place() + ", " + command.keys());
            setGraphic(row);
        }
    }
}
