package org.layerwise.gui.tasks;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.concurrent.Worker;

/** Work queue of a window, on lanes that all windows share. */
public final class FxWorkQueue implements WorkQueue, AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final FxExecutor ui;
    private final WorkLanes lanes;
    private final ActivityLog log;
    private final ObservableList<WorkTask<?>> tasks = FXCollections.observableArrayList();
    private final ObservableList<WorkTask<?>> shownTasks = FXCollections.unmodifiableObservableList(tasks);
    private final Set<WorkTask<?>> unfinished = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Creates an empty queue.
     *
     * @param log receives an entry when work ends
     */
    public FxWorkQueue(FxExecutor ui, WorkLanes lanes, ActivityLog log) {
        this.ui = ui;
        this.lanes = lanes;
        this.log = log;
    }

    /** Returns the running and waiting tasks, oldest first. Changes on the FX thread. */
    public ObservableList<WorkTask<?>> tasks() {
        return shownTasks;
    }

    @Override
    public WorkTask<?> submit(Work<?> work) {
        WorkTask<?> task = new WorkTask<>(lanes.viewed(work), ui, log);
        task.stateProperty().addListener((state, was, is) -> {
            if (is == Worker.State.SUCCEEDED || is == Worker.State.FAILED || is == Worker.State.CANCELLED) {
                tasks.remove(task);
            }
        });
        if (closed) {
            task.cancel(); // the window is closed
            return task;
        }
        if (task.lane() != Work.Lane.QUIET) {
            tasks.add(task);
        }
        unfinished.add(task);
        lanes.of(task.lane()).execute(() -> {
            try {
                task.run();
            } finally {
                unfinished.remove(task);
            }
        });
        return task;
    }

    /** Rejects further work and waits at most 20 seconds for the work of this window. */
    @Override
    public void close() {
        closed = true;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (WorkTask<?> task : List.copyOf(unfinished)) {
            try {
                task.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException | CancellationException e) {
                continue; // the task has ended, and its own listeners have reported the result
            } catch (TimeoutException e) {
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Asks all tasks to stop. Must be called on the FX thread. */
    public void stopAll() {
        List.copyOf(tasks).forEach(WorkTask::stop);
    }
}
