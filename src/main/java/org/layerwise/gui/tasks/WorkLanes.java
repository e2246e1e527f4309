package org.layerwise.gui.tasks;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.layerwise.base.Progress;

/**
 * Threads that all windows share. Heavy work of all windows runs one piece at a time. They give way to the threads of the window,
 * where the system allows it.
 */
public final class WorkLanes implements AutoCloseable {

    private final ExecutorService heavy = executor("layerwise-work");
    private final ExecutorService light = executor("layerwise-files");
    private final ExecutorService network =
            Executors.newCachedThreadPool(runnable -> thread(runnable, "layerwise-hub"));

    private final UnaryOperator<Progress> view;

    /** Creates lanes without work. */
    public WorkLanes() {
        this(UnaryOperator.identity());
    }

    /**
     * Creates lanes whose work reports to a view of its progress.
     *
     * @param view returns the view; it may slow the work down or make it fail
     */
    public WorkLanes(UnaryOperator<Progress> view) {
        this.view = view;
    }

    /** Returns work that reports to the view of its progress. */
    <T> Work<T> viewed(Work<T> work) {
        return work.reportingTo(view);
    }

    /** Returns the executor of a lane. */
    ExecutorService of(Work.Lane lane) {
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
        thread.setPriority(Thread.MIN_PRIORITY); // also that of the threads which libraries start in it
        return thread;
    }
}
