package org.layerwise.gui.chart;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.Button;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.common.SheetTable;

/** Table with all digits of the values of a chart, shown in place of the chart. */
final class ChartTable extends VBox {

    private final ReadOnlyObjectWrapper<Sheet> sheet = new ReadOnlyObjectWrapper<>(Sheet.empty());
    private final SheetTable cells = new SheetTable("chart-values", text("chart.values"), sheet);

    /**
     * Creates an empty table.
     *
     * @param back shows the chart again
     */
    ChartTable(Runnable back) {
        Button chart = Nodes.button("chart-back", text("chart.back"), back);
        chart.getStyleClass().add("small");
        HBox heading = Nodes.row(Nodes.spring(), chart);
        VBox.setVgrow(cells, Priority.ALWAYS);
        getStyleClass().add("chart-column");
        setMinSize(0, 0);
        getChildren().setAll(heading, cells);
        addEventHandler(KeyEvent.KEY_PRESSED, key -> {
            if (key.getCode() == KeyCode.ESCAPE) {
                back.run();
                key.consume();
            }
        });
    }

    void title(String words) {
        cells.setAccessibleText(words);
    }

    void show(Sheet other) {
        sheet.set(other.withoutEmptyColumns());
    }

    void focus() {
        cells.requestFocus();
    }
}
