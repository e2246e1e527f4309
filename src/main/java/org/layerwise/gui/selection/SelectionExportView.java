package org.layerwise.gui.selection;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextArea;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.Clipboards;
import org.layerwise.gui.common.Nodes;

/** Export window of the selection: a list of formats, and a preview of the chosen one. */
public final class SelectionExportView extends BorderPane {

    private static final double LIST_WIDTH = 208;
    private static final double ROW_HEIGHT = 32;

    private final SelectionExports exports;
    private final Button copy;

    /** @param close closes the window */
    public SelectionExportView(SelectionExports exports, Runnable close) {
        this.exports = exports;
        copy = Nodes.button("export-copy", text("selection.export.copy"), this::copy);
        copy.disableProperty().bind(exports.previewProperty().isEmpty());
        var save = Nodes.primary("export-save", text("selection.export.save"), exports::save);
        save.disableProperty().bind(exports.previewProperty().isEmpty());
        var all = Nodes.button("export-all", text("selection.export.all"), exports::saveAll);
        var done = Nodes.button("export-close", text("action.close"), close);
        HBox buttons = Nodes.row(all, Nodes.spring(), copy, save, done);
        getStyleClass().addAll("pane", "export-window");
        setLeft(formats());
        setCenter(preview());
        setBottom(buttons);
        exports.previewProperty().addListener((observable, was, is) -> copy.setText(text("selection.export.copy")));
    }

    private ListView<SelectionFormat> formats() {
        ListView<SelectionFormat> formats = new ListView<>();
        formats.setId("export-formats");
        formats.setAccessibleText(text("selection.export.formats"));
        formats.getItems().setAll(SelectionFormat.ALL);
        formats.setFixedCellSize(ROW_HEIGHT);
        formats.setPrefWidth(LIST_WIDTH);
        formats.setCellFactory(of -> new ListCell<>() {
            @Override
            protected void updateItem(@Nullable SelectionFormat format, boolean empty) {
                super.updateItem(format, empty);
                setText(empty || format == null ? null : format.title());
            }
        });
        formats.getSelectionModel().select(exports.formatProperty().get());
        formats.getSelectionModel().selectedItemProperty().addListener((observable, was, is) -> {
            if (is != null) {
                exports.formatProperty().set(is);
            }
        });
        return formats;
    }

    private VBox preview() {
        Label purpose =
                Nodes.sentence("export-purpose", exports.formatProperty().map(SelectionFormat::purpose));
        Label otherModel = Nodes.sentence("export-other-model", exports.otherModelProperty(), "notice");
        Nodes.showWhen(otherModel, exports.otherModelProperty().isNotEmpty());
        TextArea words = new TextArea();
        words.setId("export-preview");
        words.setEditable(false);
        words.getStyleClass().add("mono");
        words.setAccessibleText(text("selection.export.preview"));
        words.textProperty().bind(exports.previewProperty());
        Label refusal = Nodes.label("", "muted");
        refusal.setId("export-refusal");
        refusal.setWrapText(true);
        refusal.textProperty().bind(exports.refusalProperty());
        Nodes.showWhen(words, exports.refusalProperty().isEmpty());
        Nodes.showWhen(refusal, Bindings.not(exports.refusalProperty().isEmpty()));
        StackPane either = new StackPane(words, refusal);
        StackPane.setAlignment(refusal, Pos.TOP_LEFT);
        VBox.setVgrow(either, Priority.ALWAYS);
        VBox box = new VBox(purpose, otherModel, either);
        box.getStyleClass().add("export-preview-box");
        return box;
    }

    private void copy() {
        Clipboards.put(exports.previewProperty().get());
        copy.setText(text("selection.export.copied"));
    }
}
