package org.layerwise.gui.app;

import java.util.function.Supplier;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.tasks.LogView;

/**
 * Split pane with the panes of the window above and the activity log below. The log can be hidden; its height is saved.
 */
final class LogDrawer {

    private static final String SHOWN = "log";
    private static final String PLACE = "log-divider";
    private static final double DEFAULT_POSITION = 0.78;

    private final WindowSettings settings;
    private final Supplier<LogView> newLog;
    private final SplitPane down;
    private final BooleanProperty shown;
    private @Nullable LogView log;

    /** @param log creates the view of the log, which is called when the log is first shown */
    LogDrawer(Supplier<LogView> log, WindowSettings settings) {
        this.settings = settings;
        newLog = log;
        down = new SplitPane();
        down.setId("down");
        down.setOrientation(Orientation.VERTICAL);
        shown = new SimpleBooleanProperty(settings.flag(SHOWN));
        shown.addListener((observable, was, is) -> {
            if (!is) {
                remember();
            }
            show(is);
        });
    }

    /** Puts the panes above the log. Must be called once. */
    Node over(Node panes) {
        down.getItems().setAll(panes);
        return down;
    }

    /** Returns the property that is true while the log is visible. */
    BooleanProperty shownProperty() {
        return shown;
    }

    /** Restores the divider. Must be called after the window is shown, since the pane has no height before. */
    void restore() {
        if (shown.get() && down.getItems().size() == 1) {
            show(true);
        }
    }

    void remember() {
        settings.setFlag(SHOWN, shown.get());
        if (down.getItems().size() > 1) {
            settings.setNumber(PLACE, down.getDividerPositions()[0]);
        }
    }

    private void show(boolean visible) {
        LogView view = log == null ? newLog.get() : log;
        log = view;
        SplitPane.setResizableWithParent(view, false);
        if (!visible) {
            down.getItems().remove(view);
        } else if (!down.getItems().contains(view)) {
            down.getItems().add(view);
            down.setDividerPositions(settings.number(PLACE).orElse(DEFAULT_POSITION));
            view.showNewest();
        }
    }
}
