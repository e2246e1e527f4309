package org.layerwise.gui.prediction;

import static org.layerwise.gui.common.Messages.text;

import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.heatmap.ConfusionChart;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.heatmap.HeatmapChart.Pair;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.ChartCard;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.common.SheetTable;
import org.layerwise.gui.prediction.PredictionsViewModel.Shown;

/** Metrics of the predictions, the confusion matrix and the scores of each class. */
final class ScoresPage extends VBox {

    private static final double CHART_WIDTH = 310;
    private static final double CHART_HEIGHT = 220;
    private static final double ROW = 26;
    private static final double HEADER = 44;
    private static final int MOST_METRICS = 5;
    private static final double CLASSES_WIDTH = 430;

    private final PredictionsViewModel predictions;
    private final ObservableValue<ChartStyle> style;
    private final ChartCard card;
    private final SheetTable metrics;
    private final SheetTable classes;
    private @Nullable ConfusionChart chart;

    /** @param toRows shows the rows of the chosen cell */
    ScoresPage(PredictionsViewModel predictions, ObservableValue<ChartStyle> style, Runnable toRows) {
        this.predictions = predictions;
        this.style = style;
        card = new ChartCard("confusion", text("prediction.confusion"), predictions.exports(), predictions::figure);
        card.setPrefWidth(CHART_WIDTH);
        card.setMinHeight(CHART_HEIGHT);
        card.onClick(entity -> HeatmapChart.pairOf(entity).ifPresent(cell -> {
            predictions.rows().cellProperty().set(cell);
            toRows.run();
        }));
        card.onKey(key -> {
            if (key.getCode() == KeyCode.ENTER) {
                toRows.run();
                key.consume();
            } else {
                move(key);
            }
        });
        metrics = new SheetTable(
                "prediction-metrics",
                text("prediction.metrics"),
                predictions.shownProperty().map(ScoreSheets::metrics).orElse(Sheet.empty()));
        classes = new SheetTable(
                "prediction-classes",
                text("prediction.classes"),
                predictions.shownProperty().map(ScoreSheets::classes).orElse(Sheet.empty()));
        classes.setPrefWidth(CLASSES_WIDTH);
        HBox scores = new HBox(card, classes);
        scores.getStyleClass().add("way");
        HBox.setHgrow(classes, Priority.ALWAYS);
        HBox.setHgrow(card, Priority.ALWAYS);
        VBox.setVgrow(scores, Priority.ALWAYS);
        getStyleClass().add("group");
        getChildren().setAll(metrics, scores);
        style.addListener((observable, was, is) -> {
            if (chart != null) {
                chart.restyle(is);
            }
        });
        predictions.rows().cellProperty().addListener((observable, was, is) -> highlight(is));
        predictions.shownProperty().subscribe(this::show);
    }

    private void show(@Nullable Shown shown) {
        if (shown == null) {
            chart = null;
            return;
        }
        double height = HEADER + ROW * Math.min(MOST_METRICS, metrics.getItems().size());
        metrics.setMinHeight(height);
        metrics.setPrefHeight(height);
        chart = shown.chart(style.getValue()).orElse(null);
        if (chart != null) {
            card.show(chart.chart());
            card.title(text("prediction.confusion.of", shown.of().name()));
            highlight(predictions.rows().cellProperty().get());
        }
        Nodes.show(card, chart != null);
        Nodes.show(classes, chart != null);
    }

    private void highlight(@Nullable Pair cell) {
        if (chart != null) {
            chart.highlight(cell);
        }
    }

    /** Moves the chosen cell with the arrow keys. */
    private void move(KeyEvent key) {
        int size = Optional.ofNullable(predictions.shownProperty().get())
                .flatMap(Shown::confusion)
                .map(matrix -> matrix.classes())
                .orElse(0);
        Pair cell = predictions.rows().cellProperty().get();
        Pair next =
                switch (key.getCode()) {
                    case UP -> moved(cell, -1, 0, size);
                    case DOWN -> moved(cell, 1, 0, size);
                    case LEFT -> moved(cell, 0, -1, size);
                    case RIGHT -> moved(cell, 0, 1, size);
                    case ESCAPE -> null;
                    default -> cell;
                };
        if (next != cell) {
            predictions.rows().cellProperty().set(next);
            key.consume();
        }
    }

    private static @Nullable Pair moved(@Nullable Pair cell, int down, int right, int size) {
        if (size == 0) {
            return null;
        }
        return cell == null
                ? new Pair(0, 0)
                : new Pair(
                        Math.max(0, Math.min(size - 1, cell.row() + down)),
                        Math.max(0, Math.min(size - 1, cell.column() + right)));
    }
}
