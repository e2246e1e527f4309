package org.layerwise.gui.data;

import static org.layerwise.gui.common.Messages.text;

import java.util.Map;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;

/** Histogram of the row lengths for the open model, and the frequencies of the labels. */
final class StatisticsView extends HBox {

    private static final double LABELS_WIDTH = 300;
    private static final int MOST_LABELS = 4;

    private final LengthsView lengths;
    private final VBox labels = new VBox();

    StatisticsView(DataViewModel data, FigureExporter exports, ObservableValue<ChartStyle> style) {
        getStyleClass().add("statistics");
        setId("data-statistics");
        lengths = new LengthsView(data, exports, style);
        labels.getStyleClass().add("label-balance");
        labels.setId("data-labels");
        labels.setMinWidth(LABELS_WIDTH);
        labels.setPrefWidth(LABELS_WIDTH);
        HBox.setHgrow(lengths, Priority.ALWAYS);
        getChildren().setAll(lengths, labels);
    }

    /** Shows the frequencies of the labels, or nothing if there are no labels. */
    void showLabels(Map<String, Integer> counts) {
        labels.getChildren().clear();
        labels.setManaged(!counts.isEmpty());
        labels.setVisible(!counts.isEmpty());
        if (counts.isEmpty()) {
            return;
        }
        labels.getChildren().add(Nodes.label(text("data.balance"), "caption"));
        int total = counts.values().stream().mapToInt(Integer::intValue).sum();
        int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(1);
        counts.entrySet().stream().limit(MOST_LABELS).forEach(entry -> labels.getChildren()
                .add(line(entry.getKey(), entry.getValue(), total, most)));
        if (counts.size() > MOST_LABELS) {
            labels.getChildren()
                    .add(Nodes.label(
                            text("data.balance.more", counts.size() - MOST_LABELS, smallest(counts)), "muted"));
        }
    }

    private static String smallest(Map<String, Integer> counts) {
        return NumberTexts.exact(
                counts.values().stream().mapToInt(Integer::intValue).min().orElse(0));
    }

    private static HBox line(String name, int count, int total, int most) {
        Label label = Nodes.shortened(new Label(name));
        label.setMinWidth(96);
        label.setPrefWidth(96);
        label.setMaxWidth(96);
        Region bar = new Region();
        bar.getStyleClass().add("bar-filled");
        double width = Math.max(2, 90.0 * count / most);
        bar.setMinWidth(width);
        bar.setMaxWidth(width);
        bar.setMinHeight(8);
        bar.setMaxHeight(8);
        Label share = Nodes.label(
                text("data.balance.share", NumberTexts.exact(count), Math.round(1000.0 * count / total) / 10.0),
                "muted");
        HBox line = new HBox(label, bar, share);
        line.getStyleClass().add("balance-line");
        return line;
    }
}
