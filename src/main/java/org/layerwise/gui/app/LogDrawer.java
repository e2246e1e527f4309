package org.layerwise.gui.app;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;
import org.layerwise.gui.tasks.LogView;

/**
 * Split pane with the panes of the window above and the activity log below. The log can be hidden; its height is saved.
 */
final class LogDrawer {

    private static final String SHOWN = "log";
    private static final String PLACE = "log-divider";
    private static final double DEFAULT_POSITION = 0.78;

    private final WindowSettings settings;
    private final LogView log;
    private final SplitPane down;
    private final BooleanProperty shown;

    LogDrawer(LogView log, WindowSettings settings) {
        this.settings = settings;
        this.log = log;
        down = new SplitPane();
        down.setId("down");
        down.setOrientation(Orientation.VERTICAL);
        SplitPane.setResizableWithParent(log, false);
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
        if (!visible) {
            down.getItems().remove(log);
        } else if (!down.getItems().contains(log)) {
            down.getItems().add(log);
            down.setDividerPositions(settings.number(PLACE).orElse(DEFAULT_POSITION));
            log.showNewest();
        }
    }
}
