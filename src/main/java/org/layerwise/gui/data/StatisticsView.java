package org.layerwise.gui.data;

import static org.layerwise.gui.text.Messages.text;

import java.util.Map;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.DataSummary;
import org.layerwise.gui.control.Nodes;
import org.layerwise.gui.text.Figures;

/** How long the rows are for the open model, and how often each label occurs. */
final class StatisticsView extends HBox {

    private static final int BINS = 32;
    private static final double HEIGHT = 64;
    private static final double LABELS_WIDTH = 300;
    private static final int MOST_LABELS = 4;

    private final HBox bars = new HBox();
    private final Label lengths = Nodes.label("", "muted");
    private final VBox labels = new VBox();

    StatisticsView(ReadOnlyObjectProperty<@Nullable DataSummary> summary) {
        getStyleClass().add("statistics");
        setId("data-statistics");
        bars.getStyleClass().add("histogram");
        bars.setMinHeight(HEIGHT);
        bars.setPrefHeight(HEIGHT);
        lengths.setId("data-lengths");
        lengths.setWrapText(true);
        labels.getStyleClass().add("label-balance");
        labels.setId("data-labels");
        labels.setMinWidth(LABELS_WIDTH);
        labels.setPrefWidth(LABELS_WIDTH);
        VBox histogram = new VBox(Nodes.label(text("data.lengths"), "caption"), bars, lengths);
        histogram.getStyleClass().add("field");
        HBox.setHgrow(histogram, Priority.ALWAYS);
        getChildren().setAll(histogram, labels);
        summary.addListener((observable, was, is) -> show(is));
        show(summary.get());
    }

    private void show(@Nullable DataSummary summary) {
        bars.getChildren().clear();
        bars.setManaged(summary != null);
        bars.setVisible(summary != null);
        if (summary == null) {
            lengths.setText(text("data.lengths.none"));
            return;
        }
        int most = summary.histogram(BINS).stream()
                .mapToInt(DataSummary.Bin::rows)
                .max()
                .orElse(1);
        for (DataSummary.Bin bin : summary.histogram(BINS)) {
            bars.getChildren().add(bar(bin, most));
        }
        lengths.setText(text(
                "data.lengths.facts",
                Figures.exact(summary.shortest()),
                Figures.exact(summary.median()),
                Figures.exact(summary.longest()),
                Math.round(summary.cutShare() * 1000) / 10.0));
    }

    private static Region bar(DataSummary.Bin bin, int most) {
        Region bar = new Region();
        bar.getStyleClass().add("bar-filled");
        double height = bin.rows() == 0 ? 0 : Math.max(1, HEIGHT * bin.rows() / most);
        bar.setMinHeight(height);
        bar.setMaxHeight(height);
        HBox.setHgrow(bar, Priority.ALWAYS);
        bar.setMaxWidth(Double.MAX_VALUE);
        Tooltip.install(
                bar,
                new Tooltip(text(
                        "data.lengths.bin",
                        Figures.exact(bin.from()),
                        Figures.exact(bin.to()),
                        Figures.exact(bin.rows()))));
        return bar;
    }

    /** Shows how often labels occur; nothing where there are none. */
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
        return Figures.exact(
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
                text("data.balance.share", Figures.exact(count), Math.round(1000.0 * count / total) / 10.0), "muted");
        HBox line = new HBox(label, bar, share);
        line.getStyleClass().add("balance-line");
        return line;
    }
}
