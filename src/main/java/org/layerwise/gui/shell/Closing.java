package org.layerwise.gui.shell;

import static org.layerwise.gui.text.Messages.text;

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
import org.layerwise.gui.dialog.Dialogs;
import org.layerwise.gui.runs.RunsAtWork;
import org.layerwise.gui.tasks.Lane;
import org.layerwise.gui.tasks.WorkTask;

/**
 * Closes the window: at once if nothing runs, otherwise as people wish when the work is done or has stopped. It never closes
 * over work that failed, since nobody has seen that.
 */
final class Closing {

    private static final int FINISH = 0;

    private final Stage stage;
    private final ObservableList<WorkTask<?>> tasks;
    private final RunsAtWork runs;
    private final Dialogs dialogs;
    private final Runnable stopAll;
    private final Consumer<Runnable> leave;
    private final ReadOnlyStringWrapper words = new ReadOnlyStringWrapper("");
    private boolean stopping;

    /**
     * @param stopAll asks all work to stop
     * @param leave asks what becomes of the study, and goes on unless people think better of it
     */
    Closing(
            Stage stage,
            ObservableList<WorkTask<?>> tasks,
            RunsAtWork runs,
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

    /** What the window waits for before it closes; empty while it stays open. */
    ReadOnlyStringProperty wordsProperty() {
        return words.getReadOnlyProperty();
    }

    /** Closes the window now or later. */
    void request() {
        if (stopping) {
            stage.hide();
            return;
        }
        List<WorkTask<?>> lost = tasks.stream().filter(Closing::needed).toList();
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
            // what the study holds then is kept as after a crash, and offered at the next start
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

    /** Leaves the window open after all. */
    void keepOpen() {
        if (words.get().isEmpty()) {
            return;
        }
        words.set("");
        stopping = false;
        runs.leave(false);
        stage.setIconified(false);
    }

    /** What only looks on while another machine works loses nothing when the window closes. */
    private static boolean needed(WorkTask<?> task) {
        return task.lane() != Lane.WATCH;
    }

    private void close() {
        if (!words.get().isEmpty() && tasks.stream().noneMatch(Closing::needed)) {
            // what follows from the last task comes first
            Platform.runLater(() -> {
                if (!words.get().isEmpty() && tasks.stream().noneMatch(Closing::needed)) {
                    stage.hide();
                }
            });
        }
    }
}
