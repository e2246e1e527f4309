package org.layerwise.base.process;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;

/**
 * Runs calls of a native library that cannot be interrupted, one after the other in a daemon thread. A caller stops
 * waiting for its call when the work is cancelled; the thread still finishes the call. The thread ends by itself when
 * it is idle.
 */
public final class NativeCalls implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final long IDLE_SECONDS = 5;

    private final ThreadPoolExecutor thread;
    private volatile boolean abandoned;

    /**
     * Creates a queue of calls without a thread yet.
     *
     * @param name name of the thread
     */
    public NativeCalls(String name) {
        thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), runnable -> {
            Thread daemon = new Thread(runnable, name);
            daemon.setDaemon(true);
            return daemon;
        });
        thread.allowCoreThreadTimeOut(true);
    }

    /** Queues a call behind the earlier ones. */
    public <T> Future<T> start(Callable<T> call) {
        return thread.submit(call);
    }

    /**
     * Waits for the result of a call that was started.
     *
     * @param progress progress that is asked about ten times a second if the work was cancelled
     * @throws ExecutionException if the call failed, with its exception as the cause
     * @throws CancelledException if the progress was cancelled; the call may still be running
     */
    public <T> T result(Future<T> started, Progress progress) throws ExecutionException {
        try {
            return CancellableWait.answer(started, LONGEST, progress);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (CancelledException e) {
            abandoned = true;
            throw e;
        }
    }

    /**
     * Queues a call that closes something, and waits for it unless an earlier call was abandoned.
     *
     * @throws IllegalStateException if the call fails
     */
    public void atEnd(Callable<?> closing) {
        Future<?> closed = thread.submit(closing);
        if (abandoned) {
            return;
        }
        try {
            CancellableWait.answer(closed, LONGEST, Progress.none());
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("it does not close", e);
        }
    }

    /** Refuses further calls. The thread ends after the last call. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
