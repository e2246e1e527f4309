package org.layerwise.gui.data;

import static org.layerwise.gui.common.Messages.text;

import java.util.StringJoiner;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.study.DataPreview;

/** Whole texts of the selected row, with their line breaks; hidden while no row is selected. */
final class RowView extends VBox {

    /** Characters of a text that are shown; a text area is slow with longer ones. */
    static final int MOST = 100_000;

    private static final int LINES = 8;

    private final Label title = Nodes.label("", "caption");
    private final TextArea words = new TextArea();

    RowView() {
        setId("data-row");
        words.setId("data-row-text");
        words.setEditable(false);
        words.setWrapText(true);
        words.setPrefRowCount(LINES);
        words.setMinHeight(USE_PREF_SIZE);
        getStyleClass().add("field");
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
        StringJoiner texts = new StringJoiner("\n\n");
        texts.add(limited(row.text()));
        if (row.secondText() != null) {
            texts.add(limited(row.secondText()));
        }
        words.setText(texts.toString());
        words.setScrollTop(0);
    }

    private static String limited(String whole) {
        return whole.length() <= MOST
                ? whole
                : whole.substring(0, MOST) + "\n" + text("data.row.more", NumberTexts.exact(whole.length() - MOST));
    }
}
