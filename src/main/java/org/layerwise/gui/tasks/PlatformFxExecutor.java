package org.layerwise.gui.tasks;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javafx.application.Platform;

/** {@link FxExecutor} of the running JavaFX toolkit. */
public final class PlatformFxExecutor implements FxExecutor, AutoCloseable {

    private static final long GAP_MILLIS = 50;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(runnable -> {
        Thread thread = new Thread(runnable, "layerwise-ui-timer");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public void run(Runnable action) {
        Platform.runLater(action);
    }

    @Override
    public Runnable coalesced(Runnable action) {
        AtomicBoolean waiting = new AtomicBoolean();
        Runnable fire = () -> Platform.runLater(() -> {
            waiting.set(false); // before the action, so that calls during the action schedule another run
            action.run();
        });
        return () -> {
            if (waiting.compareAndSet(false, true)) {
                if (timer.isShutdown()) {
                    fire.run();
                } else {
                    timer.schedule(fire, GAP_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        };
    }

    @Override
    public void close() {
        timer.shutdown();
    }
}
