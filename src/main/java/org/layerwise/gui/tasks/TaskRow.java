package org.layerwise.gui.tasks;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.value.ObservableValue;
import javafx.concurrent.Worker;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import org.layerwise.gui.common.Nodes;

/**
 * Row for one running or waiting task of the queue. (ControlsFX's TaskProgressView offers Cancel only for running
 * tasks, so it cannot cancel a waiting task.)
 */
final class TaskRow extends HBox {

    private static final double PROGRESS_WIDTH = 160;
    private static final double LEAST_TITLE = 80;

    private final WorkTask<?> task;

    TaskRow(WorkTask<?> task) {
        this.task = task;
        Label title = Nodes.shortened(Nodes.label("", "strong"));
        title.textProperty().bind(task.titleProperty());
        title.setMinWidth(LEAST_TITLE);
        ProgressBar progress = new ProgressBar();
        progress.setMinWidth(PROGRESS_WIDTH);
        progress.setPrefWidth(PROGRESS_WIDTH);
        progress.setAccessibleText(text("tasks.progress"));
        progress.progressProperty().bind(task.progressProperty());
        // an indeterminate progress bar would be animated although the task does not run
        progress.visibleProperty().bind(task.stateProperty().isEqualTo(Worker.State.RUNNING));
        Label message = Nodes.label("", "muted", "figures");
        message.textProperty().bind(task.messageProperty());
        message.setMinWidth(USE_PREF_SIZE);
        Nodes.fillWidth(message);
        Button cancel = Nodes.button("cancel-queued", text("action.cancel"), task::stop);
        cancel.getStyleClass().add("small");
        cancel.setAccessibleText(text("tasks.cancel", task.getTitle()));
        getStyleClass().add("task-row");
        setAlignment(Pos.CENTER_LEFT);
        getChildren().setAll(title, progress, message);
        if (task.pausable()) {
            Button pause = Nodes.button("pause-queued", text("tasks.pause"), task::togglePause);
            pause.getStyleClass().add("small");
            pause.textProperty().bind(pauseWords(task));
            // a waiting task cannot be paused
            Nodes.showWhen(pause, task.stateProperty().isEqualTo(Worker.State.RUNNING));
            getChildren().add(pause);
        }
        getChildren().add(cancel);
    }

    /** Returns the text of the button that pauses or resumes a task. */
    static ObservableValue<String> pauseWords(WorkTask<?> task) {
        return task.pausedProperty().map(paused -> text(paused ? "tasks.resume" : "tasks.pause"));
    }

    WorkTask<?> task() {
        return task;
    }
}
