package org.layerwise.gui.tasks;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.concurrent.Worker;

/** The queue behind the window: one thread a lane, but for the network. */
public final class FxWorkQueue implements WorkQueue, AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final Ui ui;
    private final ExecutorService heavy = executor("layerwise-work");
    private final ExecutorService light = executor("layerwise-files");
    private final ExecutorService network =
            Executors.newCachedThreadPool(runnable -> thread(runnable, "layerwise-hub"));
    private final ObservableList<WorkTask<?>> tasks = FXCollections.observableArrayList();

    public FxWorkQueue(Ui ui) {
        this.ui = ui;
    }

    /** What runs and what waits, oldest first; changes on the FX thread. */
    public ObservableList<WorkTask<?>> tasks() {
        return FXCollections.unmodifiableObservableList(tasks);
    }

    @Override
    public WorkTask<?> submit(Work<?> work) {
        WorkTask<?> task = new WorkTask<>(work, ui);
        task.stateProperty().addListener((state, was, is) -> {
            if (is == Worker.State.SUCCEEDED || is == Worker.State.FAILED || is == Worker.State.CANCELLED) {
                tasks.remove(task);
            }
        });
        if (heavy.isShutdown()) {
            task.cancel(); // the window is gone
            return task;
        }
        if (task.lane() != Lane.QUIET) {
            tasks.add(task);
        }
        switch (task.lane()) {
            case HEAVY -> heavy.execute(task);
            case LIGHT, QUIET -> light.execute(task);
            case NETWORK -> network.execute(task);
        }
        return task;
    }

    /** Asks everything to stop and waits for it, some seconds at most; not on the FX thread. */
    @Override
    public void close() {
        heavy.shutdown();
        light.shutdown();
        network.shutdown();
        try {
            heavy.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
            light.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
            network.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks everything to stop; on the FX thread. */
    public void stopAll() {
        java.util.List.copyOf(tasks).forEach(WorkTask::stop);
    }

    private static ExecutorService executor(String name) {
        return Executors.newSingleThreadExecutor(runnable -> thread(runnable, name));
    }

    private static Thread thread(Runnable runnable, String name) {
        Thread thread = new Thread(runnable, name);
        thread.setDaemon(true);
        return thread;
    }
}
