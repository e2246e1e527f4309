package org.layerwise.gui.chart;

import static org.layerwise.gui.text.Messages.text;

import java.util.function.Consumer;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.entity.ChartEntity;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.control.Nodes;

/** A chart under its title, with the buttons that write it and its numbers to files. */
public final class ChartCard extends VBox {

    private final String id;
    private final Label title;
    private Consumer<@Nullable ChartEntity> hovered = entity -> {};
    private @Nullable ChartPane pane;

    /**
     * A card without a chart.
     *
     * @param id of the chart; the buttons' are made of it
     * @param png writes the picture
     * @param csv writes the numbers
     */
    public ChartCard(String id, String title, Runnable png, Runnable csv) {
        this.id = id;
        this.title = Nodes.shortened(Nodes.label(title, "heading"));
        HBox heading = new HBox(
                this.title,
                Nodes.spring(),
                small(id + "-png", "PNG", text("export.png", title), png),
                small(id + "-csv", "CSV", text("export.csv", title), csv));
        heading.getStyleClass().add("row");
        getStyleClass().add("chart-column");
        setMinWidth(0);
        getChildren().setAll(heading);
    }

    private static Button small(String id, String words, String accessible, Runnable action) {
        Button button = Nodes.button(id, words, action);
        button.getStyleClass().addAll("small", "flat");
        button.setAccessibleText(accessible);
        button.setTooltip(new Tooltip(accessible));
        return button;
    }

    /** Shows a chart. */
    public void show(JFreeChart chart) {
        if (pane == null) {
            ChartPane first = new ChartPane(chart);
            first.setId(id);
            first.setAccessibleText(title.getText());
            first.viewer().setFocusTraversable(false);
            first.onHover(entity -> hovered.accept(entity));
            VBox.setVgrow(first, Priority.ALWAYS);
            getChildren().add(first);
            pane = first;
        } else {
            pane.show(chart);
        }
    }

    /** Changes what stands above the chart. */
    public void title(String words) {
        title.setText(words);
        if (pane != null) {
            pane.setAccessibleText(words);
        }
    }

    /** Who hears what the pointer is at; null when it is at nothing. */
    public void onHover(Consumer<@Nullable ChartEntity> listener) {
        hovered = listener;
    }
}
