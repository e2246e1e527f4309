package org.layerwise.gui.tasks;

import static org.layerwise.gui.text.Messages.text;

import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.concurrent.Task;
import javafx.concurrent.Worker;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.controlsfx.control.TaskProgressView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.gui.control.Icons;
import org.layerwise.gui.control.Nodes;

/** What runs: one line for the task in front, and the whole queue on demand. */
public final class TasksView extends VBox {

    private static final double PROGRESS_WIDTH = 160;
    private static final double ROW_HEIGHT = 62;
    private static final int MOST_ROWS = 4;

    private final ObservableList<WorkTask<?>> tasks;
    private final Label title = Nodes.label("", "strong");
    private final Label message = Nodes.label("", "muted", "figures");
    private final ProgressBar progress = new ProgressBar();
    private final Sparkline sparkline = new Sparkline();
    private final Button cancel;
    private final ToggleButton queued = new ToggleButton();
    private final TaskProgressView<Task<?>> list = new TaskProgressView<>();
    private @Nullable WorkTask<?> front;

    /** @param tasks what runs and what waits, oldest first */
    public TasksView(ObservableList<WorkTask<?>> tasks) {
        this.tasks = tasks;
        cancel = Nodes.button("cancel-task", text("action.cancel"), () -> {
            if (front != null) {
                front.stop();
            }
        });
        cancel.getStyleClass().add("small");
        title.setId("task-title");
        message.setId("task-message");
        message.setMinWidth(0);
        HBox.setHgrow(message, Priority.ALWAYS);
        message.setMaxWidth(Double.MAX_VALUE);
        progress.setPrefWidth(PROGRESS_WIDTH);
        progress.setMinWidth(PROGRESS_WIDTH);
        progress.setAccessibleText(text("tasks.progress"));
        queued.setId("task-queue");
        queued.getStyleClass().addAll("small", "flat", "queue");
        queued.setGraphic(Icons.of(Material2OutlinedAL.EXPAND_LESS));
        queued.setAccessibleText(text("tasks.list"));
        queued.setMinWidth(USE_PREF_SIZE);
        title.setMinWidth(USE_PREF_SIZE);
        cancel.setMinWidth(USE_PREF_SIZE);
        HBox bar = new HBox(
                Nodes.label(text("tasks.title"), "section-inline"),
                title,
                progress,
                message,
                sparkline,
                cancel,
                queued);
        bar.getStyleClass().add("task-bar");
        bar.setAlignment(Pos.CENTER_LEFT);
        Nodes.showWhen(list, queued.selectedProperty());
        getStyleClass().add("tasks");
        getChildren().setAll(list, bar);
        tasks.addListener((ListChangeListener<WorkTask<?>>) change -> {
            while (change.next()) {
                list.getTasks().removeAll(change.getRemoved());
                list.getTasks().addAll(change.getAddedSubList());
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
                .findFirst()
                .orElse(tasks.isEmpty() ? null : tasks.get(0));
        int waiting = Math.max(0, tasks.size() - 1);
        list.setPrefHeight(ROW_HEIGHT * Math.max(1, Math.min(MOST_ROWS, tasks.size())) + 2);
        queued.setText(waiting == 0 ? text("tasks.none.queued") : text("tasks.queued", waiting));
        if (next == front && next != null) {
            return;
        }
        front = next;
        message.textProperty().unbind();
        progress.progressProperty().unbind();
        boolean busy = next != null;
        progress.setVisible(busy);
        progress.setManaged(busy);
        cancel.setVisible(busy);
        cancel.setManaged(busy);
        queued.setVisible(busy);
        queued.setManaged(busy);
        if (next == null) {
            title.setText("");
            message.setText(text("tasks.idle"));
            sparkline.show(null);
            queued.setSelected(false);
        } else {
            title.setText(next.getTitle());
            message.textProperty().bind(next.messageProperty());
            progress.progressProperty().bind(next.progressProperty());
            sparkline.show(next.trend());
        }
    }
}
