package org.layerwise.gui.shell;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import javafx.geometry.Rectangle2D;
import javafx.scene.control.SplitPane;
import javafx.stage.Screen;
import javafx.stage.Stage;

/** Where the window and its dividers are, and where they were left. */
final class WindowPlace {

    // what fits a small laptop; a large screen gets more, but no more than charts have use for
    private static final double WIDTH = 1280;
    private static final double HEIGHT = 800;
    private static final double MOST_WIDTH = 2000;
    private static final double MOST_HEIGHT = 1300;
    private static final double PART = 0.75;
    private static final double LEAST_WIDTH = 960;
    private static final double LEAST_HEIGHT = 600;

    private final Stage stage;
    private final WindowSettings settings;
    private final Map<String, SplitPane> panes = new LinkedHashMap<>();
    private final Map<String, double[]> usual = new LinkedHashMap<>();

    WindowPlace(Stage stage, WindowSettings settings) {
        this.stage = stage;
        this.settings = settings;
    }

    /** A split pane whose dividers are remembered. */
    void add(String name, SplitPane pane, double... usual) {
        panes.put(name, pane);
        this.usual.put(name, usual);
        pane.setDividerPositions(usual);
    }

    /**
     * Before the window is shown.
     *
     * @param own whether it comes to where the window was left; any other stands where its stage says
     */
    void restore(boolean own) {
        Rectangle2D screen = Screen.getPrimary().getVisualBounds();
        stage.setMinWidth(Math.min(LEAST_WIDTH, screen.getWidth()));
        stage.setMinHeight(Math.min(LEAST_HEIGHT, screen.getHeight()));
        // what was left on a larger screen, or before everything was made larger, must fit this one
        stage.setWidth(Math.min(
                screen.getWidth(), settings.number("width").orElse(usual(screen.getWidth(), WIDTH, MOST_WIDTH))));
        stage.setHeight(Math.min(
                screen.getHeight(), settings.number("height").orElse(usual(screen.getHeight(), HEIGHT, MOST_HEIGHT))));
        OptionalDouble x = settings.number("x");
        OptionalDouble y = settings.number("y");
        if (own && x.isPresent() && y.isPresent() && onScreen(x.getAsDouble(), y.getAsDouble())) {
            stage.setX(x.getAsDouble());
            stage.setY(y.getAsDouble());
        }
        stage.setMaximized(own && settings.flag("maximized"));
    }

    /** A part of the screen, but not less than is needed where there is that much. */
    static double usual(double screen, double least, double most) {
        return Math.max(Math.min(least, screen), Math.min(most, PART * screen));
    }

    /** Once the window is shown: before, panes have no width to divide. */
    void restoreDividers() {
        // the first layout gives each side its least width, whatever was said before it
        stage.getScene().getRoot().applyCss();
        stage.getScene().getRoot().layout();
        panes.forEach((name, pane) -> {
            double[] saved = settings.dividers(name);
            boolean known = saved.length == pane.getDividers().size();
            pane.setDividerPositions(known ? saved : usual.get(name));
        });
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

    /** Whether the title bar would be on a screen that is there. */
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
