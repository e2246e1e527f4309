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

/** The queue behind a window, on the lanes that it shares with the others. */
public final class FxWorkQueue implements WorkQueue, AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final Ui ui;
    private final WorkLanes lanes;
    private final ActivityLog log;
    private final ObservableList<WorkTask<?>> tasks = FXCollections.observableArrayList();
    private final ObservableList<WorkTask<?>> shownTasks = FXCollections.unmodifiableObservableList(tasks);
    private final Set<WorkTask<?>> unfinished = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param log is told how work ended */
    public FxWorkQueue(Ui ui, WorkLanes lanes, ActivityLog log) {
        this.ui = ui;
        this.lanes = lanes;
        this.log = log;
    }

    /** What runs and what waits, oldest first; changes on the FX thread. */
    public ObservableList<WorkTask<?>> tasks() {
        return shownTasks;
    }

    @Override
    public WorkTask<?> submit(Work<?> work) {
        WorkTask<?> task = new WorkTask<>(work, ui, log);
        task.stateProperty().addListener((state, was, is) -> {
            if (is == Worker.State.SUCCEEDED || is == Worker.State.FAILED || is == Worker.State.CANCELLED) {
                tasks.remove(task);
            }
        });
        if (closed) {
            task.cancel(); // the window is gone
            return task;
        }
        if (task.lane() != Lane.QUIET) {
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

    /** Takes no more work and waits for the window's own, some seconds at most. */
    @Override
    public void close() {
        closed = true;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (WorkTask<?> task : List.copyOf(unfinished)) {
            try {
                task.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException | CancellationException e) {
                continue; // it has ended; its own listeners have told how
            } catch (TimeoutException e) {
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Asks everything to stop; on the FX thread. */
    public void stopAll() {
        List.copyOf(tasks).forEach(WorkTask::stop);
    }
}
