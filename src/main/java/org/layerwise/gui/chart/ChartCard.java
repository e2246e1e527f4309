package org.layerwise.gui.chart;

import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.entity.ChartEntity;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.Nodes;

/** Chart with a title and buttons above. */
public final class ChartCard extends VBox {

    private final String id;
    private final Label title;
    private final FigureExporter exports;
    private final Supplier<@Nullable Figure> figure;
    private Consumer<@Nullable ChartEntity> hovered = entity -> {};
    private Consumer<@Nullable ChartEntity> clicked = entity -> {};
    private Consumer<KeyEvent> pressed = key -> {};
    private boolean tooltips = true;
    private @Nullable ChartPane pane;

    /**
     * Creates a card without a chart.
     *
     * @param id id of the chart and prefix of the buttons' ids
     * @param title title above the chart
     * @param figure supplies the figure to export and copy; null if there is none
     */
    public ChartCard(String id, String title, FigureExporter exports, Supplier<@Nullable Figure> figure) {
        this.id = id;
        this.exports = exports;
        this.figure = figure;
        this.title = Nodes.label(title, "heading");
        getStyleClass().add("chart-column");
        setMinWidth(0);
        getChildren().setAll(new HBox(this.title));
    }

    /** Shows a chart. */
    public void show(JFreeChart chart) {
        if (pane == null) {
            ChartPane first = new ChartPane(id, chart, exports, figure);
            if (tooltips) {
                first.tooltips();
            }
            first.setAccessibleText(title.getText());
            first.addEventHandler(KeyEvent.KEY_PRESSED, key -> {
                if (!key.isConsumed() && !key.isAltDown() && !first.tabulated()) {
                    pressed.accept(key);
                }
            });
            first.onHover(entity -> hovered.accept(entity));
            first.onClick(entity -> clicked.accept(entity));
            VBox.setVgrow(first, Priority.ALWAYS);
            getChildren().setAll(first.heading(title), first);
            pane = first;
        } else {
            pane.show(chart);
        }
    }

    /** Changes the title above the chart. */
    public void title(String words) {
        title.setText(words);
        if (pane != null) {
            pane.setAccessibleText(words);
        }
    }

    /**
     * Switches off tooltips, for charts whose values are shown in another line. Must be called before the first chart
     * is shown.
     */
    public void readElsewhere() {
        tooltips = false;
    }

    /** Sets the listener for keys while the chart has the focus. Must be called before the first chart is shown. */
    public void onKey(Consumer<KeyEvent> listener) {
        pressed = listener;
    }

    /** Sets the listener for the chart entity under the pointer. It receives null if there is none. */
    public void onHover(Consumer<@Nullable ChartEntity> listener) {
        hovered = listener;
    }

    /** Sets the listener for clicks on chart entities. It receives null for a click beside them. */
    public void onClick(Consumer<@Nullable ChartEntity> listener) {
        clicked = listener;
    }
}
