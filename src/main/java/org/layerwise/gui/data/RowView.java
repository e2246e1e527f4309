package org.layerwise.gui.data;

import static org.layerwise.gui.common.Messages.text;

import java.util.Objects;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.DoubleBinding;
import javafx.beans.value.ObservableDoubleValue;
import javafx.scene.control.Label;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.LongTextArea;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.study.DataPreview;

/** Whole texts of the selected row, with their line breaks; beside the table; hidden while no row is selected. */
final class RowView extends VBox {

    private static final double SHARE = 0.4;

    private final Label title = Nodes.label("", "caption");
    private final LongTextArea words = new LongTextArea("data-row-text");

    /** @param page width of the page, of which this takes a share */
    RowView(ObservableDoubleValue page) {
        setId("data-row");
        VBox.setVgrow(words, Priority.ALWAYS);
        getStyleClass().add("field");
        DoubleBinding width = Bindings.createDoubleBinding(() -> SHARE * page.get(), page);
        minWidthProperty().bind(width);
        maxWidthProperty().bind(width);
        getChildren().setAll(title, words);
        show(null);
    }

    /** Shows a row, or nothing for null. */
    void show(DataPreview.@Nullable Row row) {
        Nodes.show(this, row != null);
        if (row == null) {
            words.clear();
            return;
        }
        title.setText(
                row.label() == null
                        ? text("data.row.title", NumberTexts.exact(row.number()))
                        : text("data.row.labelled", NumberTexts.exact(row.number()), row.label()));
        words.setAccessibleText(title.getText());
        words.show(
                Stream.of(row.text(), row.secondText()).filter(Objects::nonNull).toList());
    }
}
