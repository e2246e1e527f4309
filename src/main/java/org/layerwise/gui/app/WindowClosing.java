package org.layerwise.gui.app;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import javafx.application.Platform;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.concurrent.Worker;
import javafx.stage.Stage;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.run.RunController;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkTask;

/**
 * Closes the window: at once if no work runs; otherwise, as the user chooses, when the work has finished or has
 * stopped. A failure of the work keeps the window open, so that the user sees the failure.
 */
final class WindowClosing {

    private static final int FINISH = 0;

    private final Stage stage;
    private final ObservableList<WorkTask<?>> tasks;
    private final RunController runs;
    private final Dialogs dialogs;
    private final Runnable stopAll;
    private final Consumer<Runnable> leave;
    private final ReadOnlyStringWrapper words = new ReadOnlyStringWrapper("");
    private boolean stopping;

    /**
     * Creates the closing of a window.
     *
     * @param stopAll asks all work to stop
     * @param leave asks what to do with unsaved changes of the study, and runs its argument unless the user cancels
     */
    WindowClosing(
            Stage stage,
            ObservableList<WorkTask<?>> tasks,
            RunController runs,
            Dialogs dialogs,
            Runnable stopAll,
            Consumer<Runnable> leave) {
        this.stage = stage;
        this.tasks = tasks;
        this.runs = runs;
        this.dialogs = dialogs;
        this.stopAll = stopAll;
        this.leave = leave;
        tasks.addListener((ListChangeListener<WorkTask<?>>) change -> {
            boolean failed = false;
            while (change.next()) {
                failed |= change.getRemoved().stream().anyMatch(task -> task.getState() == Worker.State.FAILED);
            }
            if (failed) {
                keepOpen();
            } else {
                close();
            }
        });
    }

    /**
     * Returns the message about the work that the window waits for before it closes; empty while the window stays open.
     */
    ReadOnlyStringProperty wordsProperty() {
        return words.getReadOnlyProperty();
    }

    /** Closes the window, now or when the work has ended. */
    void request() {
        if (stopping) {
            stage.hide();
            return;
        }
        List<WorkTask<?>> lost = tasks.stream().filter(WindowClosing::needed).toList();
        if (lost.isEmpty()) {
            leave.accept(stage::hide);
            return;
        }
        OptionalInt way = dialogs.choose(
                text("quit.title"),
                text("quit.sentence", lost.get(0).getTitle(), lost.size() - 1),
                List.of(text("quit.finish"), text("quit.action")),
                text("quit.keep"));
        if (way.isEmpty()) {
            return;
        }
        if (way.getAsInt() == FINISH) {
            // the state of the study at that time is saved as after a crash and offered at the next start
            words.set(text("quit.finishing"));
            stage.setIconified(true);
            close();
        } else {
            leave.accept(this::stop);
        }
    }

    private void stop() {
        words.set(text("quit.stopping"));
        stopping = true;
        runs.leave(true);
        stopAll.run();
        close();
    }

    /** Cancels the closing, so that the window stays open. */
    void keepOpen() {
        if (words.get().isEmpty()) {
            return;
        }
        words.set("");
        stopping = false;
        runs.leave(false);
        stage.setIconified(false);
    }

    /**
     * Returns true if closing the window would lose the result of a task. Tasks that only watch another machine lose
     * nothing.
     */
    private static boolean needed(WorkTask<?> task) {
        return task.lane() != Work.Lane.WATCH;
    }

    private void close() {
        if (!words.get().isEmpty() && tasks.stream().noneMatch(WindowClosing::needed)) {
            // the follow-up actions of the last task run first
            Platform.runLater(() -> {
                if (!words.get().isEmpty() && tasks.stream().noneMatch(WindowClosing::needed)) {
                    stage.hide();
                }
            });
        }
    }
}
