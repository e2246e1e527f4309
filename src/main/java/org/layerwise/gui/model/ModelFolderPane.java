package org.layerwise.gui.model;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;

/** Opens a model folder: a chosen one or one of the recent ones. */
final class ModelFolderPane extends VBox {

    private static final double ROW_HEIGHT = 44;
    private static final double BORDER = 2;

    private final ModelViewModel model;
    private final ListView<Path> list = new ListView<>();
    private final Label none = Nodes.label(text("folder.none"), "muted");

    /** @param choose asks for a model folder and opens it */
    ModelFolderPane(ModelViewModel model, Runnable choose) {
        this.model = model;
        Button button = Nodes.primary("choose-folder", text("folder.choose"), choose);
        button.setGraphic(Icons.of(Material2OutlinedAL.FOLDER_OPEN));
        Label advice = Nodes.label(text("folder.advice"), "muted");
        advice.setWrapText(true);
        HBox.setHgrow(advice, Priority.ALWAYS);
        HBox row = new HBox(button, advice);
        row.getStyleClass().add("spaced-row");
        list.setId("recent");
        list.setAccessibleText(text("folder.recent"));
        list.setFixedCellSize(ROW_HEIGHT);
        list.setCellFactory(of -> new FolderCell());
        list.setOnMouseClicked(event -> {
            if (event.getClickCount() == 2) {
                openChosen();
            }
        });
        list.getSelectionModel().selectedItemProperty().addListener((item, was, is) -> model.memory()
                .look(is == null ? null : is.toString()));
        Nodes.onKey(list, key -> key.getCode() == KeyCode.ENTER, this::openChosen);
        VBox.setVgrow(list, Priority.ALWAYS);
        getStyleClass().add("way");
        getChildren().setAll(row, Nodes.label(text("folder.recent"), "heading"), list, none);
        model.choosingProperty().subscribe(choosing -> fill());
    }

    private void fill() {
        list.getItems().setAll(model.recentFolders());
        boolean any = !list.getItems().isEmpty();
        list.setMaxHeight(list.getItems().size() * ROW_HEIGHT + 2 * BORDER);
        Nodes.show(list, any);
        Nodes.show(none, !any);
    }

    private void openChosen() {
        Path chosen = list.getSelectionModel().getSelectedItem();
        if (chosen != null) {
            model.open(chosen);
        }
    }

    private static final class FolderCell extends ListCell<Path> {

        private final Label name = Nodes.label("");
        private final Label place = Nodes.shortened(Nodes.label("", "caption"));
        private final VBox lines = new VBox(name, place);

        FolderCell() {
            lines.setAlignment(Pos.CENTER_LEFT);
        }

        @Override
        protected void updateItem(@Nullable Path folder, boolean isEmpty) {
            super.updateItem(folder, isEmpty);
            setText(null);
            if (isEmpty || folder == null) {
                setGraphic(null);
                return;
            }
            name.setText(String.valueOf(folder.getFileName()));
            place.setText(String.valueOf(folder.getParent()));
            lines.setMinWidth(0);
            lines.setPrefWidth(0); // the path is shortened, so that the list does not scroll sideways
            setGraphic(lines);
            setAccessibleText(folder.toString());
        }
    }
}
