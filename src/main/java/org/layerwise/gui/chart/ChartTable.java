package org.layerwise.gui.chart;

import static org.layerwise.gui.text.Messages.text;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.layerwise.gui.control.Nodes;
import org.layerwise.gui.sheet.Sheet;
import org.layerwise.gui.sheet.SheetTable;

/** The numbers of a chart, all digits, in its place. */
final class ChartTable extends VBox {

    private final ReadOnlyObjectWrapper<Sheet> sheet = new ReadOnlyObjectWrapper<>(Sheet.empty());
    private final SheetTable cells = new SheetTable("chart-values", text("chart.values"), sheet);
    private final Label title = Nodes.label("", "muted");

    /** @param back shows the chart again */
    ChartTable(Runnable back) {
        HBox heading =
                new HBox(Nodes.shortened(title), Nodes.spring(), Nodes.button("chart-back", text("chart.back"), back));
        heading.getStyleClass().add("row");
        VBox.setVgrow(cells, Priority.ALWAYS);
        getStyleClass().add("chart-column");
        setMinSize(0, 0);
        getChildren().setAll(heading, cells);
        addEventHandler(KeyEvent.KEY_PRESSED, key -> {
            if (key.getCode() == KeyCode.ESCAPE) {
                back.run();
            }
            // what the table makes nothing of is not meant for the chart that it covers
            if (!key.isShortcutDown() && !key.getCode().isFunctionKey() && key.getCode() != KeyCode.CONTEXT_MENU) {
                key.consume();
            }
        });
    }

    void title(String words) {
        title.setText(words);
        cells.setAccessibleText(words);
    }

    void show(Sheet other) {
        sheet.set(other);
    }

    void focus() {
        cells.requestFocus();
    }
}
