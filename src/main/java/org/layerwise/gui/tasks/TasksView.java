package org.layerwise.gui.tasks;

import static org.layerwise.gui.common.Messages.text;

import java.util.Comparator;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.concurrent.Worker;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Tooltips;

/** Tasks of a window: one line for the task in front, and a list of the other tasks on demand. */
public final class TasksView extends VBox {

    private static final double PROGRESS_WIDTH = 160;
    private static final double MOST_HEIGHT = 180;
    private static final double LEAST_TITLE = 80;
    private static final double MOST_TITLE = 480;

    private final ObservableList<WorkTask<?>> tasks;
    private final Label title = Nodes.shortened(Nodes.label("", "strong"));
    private final Label message = Nodes.label("", "muted", "figures");
    private final ProgressBar progress = new ProgressBar();
    private final Sparkline sparkline = new Sparkline();
    private final Button cancel;
    private final Button pause;
    private final ToggleButton queued = new ToggleButton();
    private final VBox rows = new VBox();
    private final ScrollPane list = new ScrollPane(rows);
    private final ReadOnlyBooleanWrapper pausable = new ReadOnlyBooleanWrapper();
    private @Nullable WorkTask<?> front;

    /**
     * Creates a view of the tasks.
     *
     * @param tasks running and waiting tasks, oldest first
     * @param log true while the activity log is visible
     */
    public TasksView(ObservableList<WorkTask<?>> tasks, BooleanProperty log) {
        this.tasks = tasks;
        pause = Nodes.button("pause-task", text("tasks.pause"), () -> {
            if (front != null) {
                front.togglePause();
            }
        });
        Nodes.showWhen(pause, pausable);
        cancel = Nodes.button("cancel-task", text("action.cancel"), () -> {
            if (front != null) {
                front.stop();
            }
        });
        cancel.getStyleClass().add("small");
        pause.getStyleClass().add("small");
        title.setId("task-title");
        message.setId("task-message");
        message.setMinWidth(USE_PREF_SIZE);
        Nodes.fillWidth(message);
        progress.setPrefWidth(PROGRESS_WIDTH);
        progress.setMinWidth(PROGRESS_WIDTH);
        progress.setAccessibleText(text("tasks.progress"));
        queued.setId("task-queue");
        queued.getStyleClass().addAll("small", "flat", "queue");
        queued.setGraphic(Icons.of(Material2OutlinedAL.EXPAND_LESS));
        queued.setAccessibleText(text("tasks.list"));
        queued.setMinWidth(USE_PREF_SIZE);
        title.setMinWidth(LEAST_TITLE);
        title.setMaxWidth(MOST_TITLE);
        Label heading = Nodes.label(text("tasks.title"), "section-inline");
        heading.setMinWidth(USE_PREF_SIZE);
        cancel.setMinWidth(USE_PREF_SIZE);
        ToggleButton logged = new ToggleButton(text("log.title"));
        logged.setId("show-log");
        logged.getStyleClass().addAll("small", "flat", "queue");
        logged.setGraphic(Icons.of(Material2OutlinedMZ.NOTES));
        logged.setMinWidth(USE_PREF_SIZE);
        Tooltips.set(logged, text("log.tip"));
        logged.selectedProperty().bindBidirectional(log);
        HBox bar = new HBox(heading, title, progress, message, sparkline, pause, cancel, queued, logged);
        bar.getStyleClass().add("task-bar");
        bar.setAlignment(Pos.CENTER_LEFT);
        list.setId("task-list");
        list.setFitToWidth(true);
        list.setMaxHeight(MOST_HEIGHT);
        list.setMinHeight(USE_PREF_SIZE);
        Nodes.showWhen(list, queued.selectedProperty());
        getStyleClass().add("tasks");
        getChildren().setAll(list, bar);
        tasks.addListener((ListChangeListener<WorkTask<?>>) change -> {
            while (change.next()) {
                change.getAddedSubList()
                        .forEach(task -> task.stateProperty().addListener((state, was, is) -> choose()));
            }
            choose();
        });
        choose();
    }

    private void choose() {
        WorkTask<?> next = tasks.stream()
                .filter(task -> task.getState() == Worker.State.RUNNING)
                .min(Comparator.comparing(task -> elsewhere(task.lane()))) // local work first
                .orElse(tasks.isEmpty() ? null : tasks.get(0));
        int waiting = Math.max(0, tasks.size() - 1);
        queued.setText(text("tasks.queued", waiting));
        Nodes.show(queued, waiting > 0);
        if (waiting == 0) {
            queued.setSelected(false);
        }
        leaveCancel(next);
        rows.getChildren().removeIf(row -> !listed(((TaskRow) row).task(), next));
        tasks.stream()
                .filter(task -> listed(task, next))
                .filter(task -> rows.getChildren().stream().noneMatch(row -> ((TaskRow) row).task() == task))
                .forEach(task -> rows.getChildren().add(new TaskRow(task)));
        if (next == front && next != null) {
            return;
        }
        front = next;
        message.textProperty().unbind();
        progress.progressProperty().unbind();
        pause.textProperty().unbind();
        pausable.set(next != null && next.pausable());
        boolean busy = next != null;
        Nodes.show(progress, busy);
        Nodes.show(cancel, busy);
        title.setMinWidth(busy ? LEAST_TITLE : 0);
        if (next == null) {
            title.setText("");
            message.setText(text("tasks.idle"));
            sparkline.show(null);
        } else {
            title.setText(next.getTitle());
            message.textProperty().bind(next.messageProperty());
            progress.progressProperty().bind(next.progressProperty());
            sparkline.show(next.trend());
            pause.textProperty().bind(TaskRow.pauseWords(next));
        }
    }

    private static boolean elsewhere(Work.Lane lane) {
        return lane == Work.Lane.NETWORK || lane == Work.Lane.WATCH;
    }

    /** Moves the focus away from the buttons of a finished task, so that the same key does not cancel the next task. */
    private void leaveCancel(@Nullable WorkTask<?> next) {
        boolean gone = next != front && (cancel.isFocused() || pause.isFocused())
                || rows.getChildren().stream()
                        .anyMatch(row -> row.isFocusWithin() && !listed(((TaskRow) row).task(), next));
        if (gone) {
            requestFocus();
        }
    }

    /** Returns true if a task belongs in the list: all tasks except the one in front. */
    private boolean listed(WorkTask<?> task, @Nullable WorkTask<?> inFront) {
        return task != inFront && tasks.contains(task);
    }
}
