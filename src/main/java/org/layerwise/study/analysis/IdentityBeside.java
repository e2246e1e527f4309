package org.layerwise.study.analysis;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.Progress;
import org.layerwise.run.ModelIdentity;
import org.layerwise.study.model.OpenModel;

/**
 * Identity of a model, for which all its weight files may have to be read, computed on a thread of its own beside an
 * analysis. Closing it interrupts the thread and waits for its end.
 */
final class IdentityBeside implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofDays(365);

    private final OpenModel model;
    private final @Nullable Thread thread;
    private final FutureTask<ModelIdentity> task;
    private volatile boolean closed;

    /**
     * Creates an identity.
     *
     * @param beside true to compute it at once on a thread of its own; false to compute it when it is asked for, for
     *     weights that the analysis reads from the disk again and again
     */
    IdentityBeside(OpenModel model, boolean beside) {
        this.model = model;
        this.task = new FutureTask<>(() -> model.identity(new Progress() {
            @Override
            public void report(double fraction, String message) {
                // the analysis reports
            }

            @Override
            public boolean cancelled() {
                return closed;
            }
        }));
        this.thread = beside ? new Thread(task, "identify model") : null;
        if (thread != null) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /**
     * Returns the identity, and waits for it if necessary.
     *
     * @throws org.layerwise.base.UserException for the reasons of {@link OpenModel#identity}
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    ModelIdentity get(Progress progress) {
        if (thread == null) {
            return model.identity(progress);
        }
        progress.report(0, "Identifying the model");
        try {
            return CancellableWait.answer(task, LONGEST, progress);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        if (thread == null) {
            return;
        }
        task.cancel(true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
