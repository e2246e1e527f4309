package org.layerwise.gui.tasks;

import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.scene.layout.Pane;
import javafx.scene.shape.Polyline;
import org.jspecify.annotations.Nullable;

/** Small curve without axes that shows the trend of a number. */
final class Sparkline extends Pane {

    private static final double WIDTH = 96;
    private static final double HEIGHT = 20;
    private static final int MOST_POINTS = 96;

    private final Polyline line = new Polyline();
    private final ListChangeListener<Double> listener = change -> draw();
    private @Nullable ObservableList<Double> numbers;

    Sparkline() {
        line.getStyleClass().add("sparkline");
        setMinSize(WIDTH, HEIGHT);
        setPrefSize(WIDTH, HEIGHT);
        setMaxSize(WIDTH, HEIGHT);
        getChildren().setAll(line);
        show(null);
    }

    /**
     * Follows a list of numbers. The curve is hidden while the list has fewer than two numbers.
     *
     * @param next numbers to draw; null for none
     */
    void show(@Nullable ObservableList<Double> next) {
        if (numbers != null) {
            numbers.removeListener(listener);
        }
        numbers = next;
        if (next != null) {
            next.addListener(listener);
        }
        draw();
    }

    private void draw() {
        line.getPoints().clear();
        boolean enough = numbers != null && numbers.size() > 1;
        setVisible(enough);
        setManaged(enough);
        if (!enough || numbers == null) {
            return;
        }
        int size = numbers.size();
        int points = Math.min(size, MOST_POINTS);
        double least = numbers.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double most = numbers.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        double range = most > least ? most - least : 1;
        for (int point = 0; point < points; point++) {
            double value = numbers.get((int) Math.round((double) point * (size - 1) / (points - 1)));
            line.getPoints().add(1 + (WIDTH - 2) * point / (points - 1));
            line.getPoints().add(1 + (HEIGHT - 2) * (most - value) / range);
        }
    }
}
