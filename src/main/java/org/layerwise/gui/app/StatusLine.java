package org.layerwise.gui.app;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import org.controlsfx.control.StatusBar;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.tasks.WorkTask;

/** Status line: the running work, or the last message when nothing runs, and the memory in use. */
final class StatusLine {

    private final ObservableList<WorkTask<?>> tasks;
    private final StatusBar bar = new StatusBar();
    private final Label used = Nodes.label("", "muted", "figures");
    private final ReadOnlyStringWrapper working = new ReadOnlyStringWrapper("");
    private String said = text("status.ready");

    StatusLine(ObservableList<WorkTask<?>> tasks) {
        this.tasks = tasks;
        bar.setId("status");
        bar.setText(said);
        bar.setFocusTraversable(false);
        used.setId("status-memory");
        used.setMinWidth(Region.USE_PREF_SIZE); // a long message is cut instead
        bar.getRightItems().setAll(used);
        tasks.addListener((ListChangeListener<WorkTask<?>>) change -> work());
    }

    /** Returns the node of the status line. */
    Node node() {
        return bar;
    }

    /** Adds a node to the left of the memory. */
    void addFirst(Node node) {
        bar.getRightItems().add(0, node);
    }

    /** Returns the description of the running work for panes that wait for it; empty if nothing runs. */
    ReadOnlyStringProperty workingProperty() {
        return working.getReadOnlyProperty();
    }

    /** Shows a message until the next work starts. */
    void say(String line) {
        said = line;
        if (tasks.isEmpty()) {
            bar.setText(line);
        }
    }

    /** Shows the memory in use. */
    void showMemory(long bytes) {
        used.setText(text("status.memory", NumberTexts.bytes(bytes)));
    }

    private void work() {
        boolean busy = !tasks.isEmpty();
        working.set(busy ? text("working", tasks.get(0).getTitle()) : "");
        if (busy) {
            said = text("status.ready");
        }
        bar.setText(busy ? working.get() : said);
    }
}
