package org.layerwise.base;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls of a native library that cannot be interrupted. They run one after the other in a daemon thread; whoever waits for one
 * stops waiting when the work is cancelled. The thread then ends with its call, and ends by itself when it has nothing to do.
 */
public final class NativeCalls implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final long IDLE_SECONDS = 5;

    private final ThreadPoolExecutor thread;
    private volatile boolean abandoned;

    /** @param name of the thread */
    public NativeCalls(String name) {
        thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), runnable -> {
            Thread daemon = new Thread(runnable, name);
            daemon.setDaemon(true);
            return daemon;
        });
        thread.allowCoreThreadTimeOut(true);
    }

    /** Starts a call, after those before it. */
    public <T> Future<T> start(Callable<T> call) {
        return thread.submit(call);
    }

    /**
     * Returns the result of a call that was started.
     *
     * @param progress asked some ten times a second
     * @throws ExecutionException with the call's own exception as its cause
     * @throws CancelledException if the progress was cancelled; the call may go on
     */
    public <T> T result(Future<T> started, Progress progress) throws ExecutionException {
        try {
            return Waiting.answer(started, LONGEST, progress);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (CancelledException e) {
            abandoned = true;
            throw e;
        }
    }

    /**
     * Runs a call that closes something after the calls before it, and waits for it unless one of these was abandoned.
     *
     * @throws IllegalStateException if it fails
     */
    public void atEnd(Callable<?> closing) {
        Future<?> closed = thread.submit(closing);
        if (abandoned) {
            return;
        }
        try {
            Waiting.answer(closed, LONGEST, Progress.none());
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("it does not close", e);
        }
    }

    /** Takes no more calls; the thread ends after the last one. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
