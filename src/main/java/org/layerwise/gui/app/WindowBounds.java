package org.layerwise.gui.app;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import javafx.animation.PauseTransition;
import javafx.geometry.Rectangle2D;
import javafx.scene.control.SplitPane;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.util.Duration;

/** Position and size of the window and its dividers, and their saved values. */
final class WindowBounds {

    // fits a small laptop; a larger screen gets a larger window, up to the size that charts can use
    private static final double WIDTH = 1280;
    private static final double HEIGHT = 800;
    private static final double MOST_WIDTH = 2000;
    private static final double MOST_HEIGHT = 1300;
    private static final double PART = 0.75;
    private static final double LEAST_WIDTH = 960;
    private static final double LEAST_HEIGHT = 600;
    private static final Duration ANSWER = Duration.millis(300);

    private final Stage stage;
    private final WindowSettings settings;
    private final Map<String, SplitPane> panes = new LinkedHashMap<>();
    private final Map<String, double[]> usual = new LinkedHashMap<>();
    private double width;
    private double height;

    WindowBounds(Stage stage, WindowSettings settings) {
        this.stage = stage;
        this.settings = settings;
    }

    /**
     * Adds a split pane and restores its dividers. Their positions are saved with the window.
     *
     * @param usual default positions, as fractions from 0 to 1
     */
    void add(String name, SplitPane pane, double... usual) {
        panes.put(name, pane);
        this.usual.put(name, usual);
        restoreDividers(name, pane);
    }

    /**
     * Restores position and size. Must be called before the window is shown.
     *
     * @param own true to restore the saved position; otherwise the window stays at the position of its stage
     */
    void restore(boolean own) {
        Rectangle2D screen = Screen.getPrimary().getVisualBounds();
        stage.setMinWidth(Math.min(LEAST_WIDTH, screen.getWidth()));
        stage.setMinHeight(Math.min(LEAST_HEIGHT, screen.getHeight()));
        // a window saved on a larger screen or with a smaller scale must fit the current screen
        width = Math.min(
                screen.getWidth(), settings.number("width").orElse(usual(screen.getWidth(), WIDTH, MOST_WIDTH)));
        height = Math.min(
                screen.getHeight(), settings.number("height").orElse(usual(screen.getHeight(), HEIGHT, MOST_HEIGHT)));
        stage.setWidth(width);
        stage.setHeight(height);
        OptionalDouble x = settings.number("x");
        OptionalDouble y = settings.number("y");
        if (own && x.isPresent() && y.isPresent() && onScreen(x.getAsDouble(), y.getAsDouble())) {
            stage.setX(x.getAsDouble());
            stage.setY(y.getAsDouble());
        }
        stage.setMaximized(own && settings.flag("maximized"));
    }

    /**
     * Returns three quarters of the screen, limited to the range from {@code least} to {@code most}, and at most the
     * screen.
     */
    static double usual(double screen, double least, double most) {
        return Math.max(Math.min(least, screen), Math.min(most, PART * screen));
    }

    /**
     * Restores the size again if the window manager has ignored it, as some do with the first size of a window. Must be called after the
     * window is shown.
     */
    void restoreSize() {
        // the window manager answers later than the window is shown
        PauseTransition answer = new PauseTransition(ANSWER);
        answer.setOnFinished(event -> {
            if (stage.isMaximized()) {
                return;
            }
            if (isLeast(stage.getWidth(), stage.getMinWidth(), width)) {
                stage.setWidth(width);
            }
            if (isLeast(stage.getHeight(), stage.getMinHeight(), height)) {
                stage.setHeight(height);
            }
        });
        answer.play();
    }

    /** Returns true if a window has its least size where a larger one was wanted; any other size was chosen by the user. */
    static boolean isLeast(double now, double least, double wanted) {
        return now <= least + 1 && wanted > least + 1;
    }

    /** Restores the dividers. Must be called after the window is shown, since panes have no width before. */
    void restoreDividers() {
        // the first layout gives each side its minimum width and ignores earlier divider positions
        stage.getScene().getRoot().applyCss();
        stage.getScene().getRoot().layout();
        panes.forEach(this::restoreDividers);
    }

    private void restoreDividers(String name, SplitPane pane) {
        double[] saved = settings.dividers(name);
        boolean known = saved.length == pane.getDividers().size();
        pane.setDividerPositions(known ? saved : usual.get(name));
    }

    void remember() {
        settings.setFlag("maximized", stage.isMaximized());
        if (!stage.isMaximized() && !Double.isNaN(stage.getX())) {
            settings.setNumber("x", stage.getX());
            settings.setNumber("y", stage.getY());
            settings.setNumber("width", stage.getWidth());
            settings.setNumber("height", stage.getHeight());
        }
        panes.forEach((name, pane) -> settings.setDividers(name, pane.getDividerPositions()));
    }

    /** Returns true if a title bar at this position would be visible on one of the connected screens. */
    private static boolean onScreen(double x, double y) {
        return Screen.getScreens().stream()
                .map(Screen::getVisualBounds)
                .map(bounds -> new Rectangle2D(
                        bounds.getMinX() - WIDTH / 2,
                        bounds.getMinY() - 1,
                        bounds.getWidth() + WIDTH / 2,
                        bounds.getHeight()))
                .anyMatch(bounds -> bounds.contains(x, y));
    }
}
