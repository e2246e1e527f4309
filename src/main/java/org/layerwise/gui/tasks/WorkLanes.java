package org.layerwise.gui.tasks;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads that all windows share. Heavy work of all windows runs one piece at a time. */
public final class WorkLanes implements AutoCloseable {

    private final ExecutorService heavy = executor("layerwise-work");
    private final ExecutorService light = executor("layerwise-files");
    private final ExecutorService network =
            Executors.newCachedThreadPool(runnable -> thread(runnable, "layerwise-hub"));

    /** Returns the executor of a lane. */
    ExecutorService of(Lane lane) {
        return switch (lane) {
            case HEAVY -> heavy;
            case LIGHT, QUIET -> light;
            case NETWORK, WATCH -> network;
        };
    }

    /**
     * Runs a short action in the background, one after another, without a task in the list. Does nothing after
     * {@link #close}.
     */
    public void runInBackground(Runnable work) {
        if (!light.isShutdown()) {
            light.execute(work);
        }
    }

    /** Rejects further work. */
    @Override
    public void close() {
        heavy.shutdown();
        light.shutdown();
        network.shutdown();
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
