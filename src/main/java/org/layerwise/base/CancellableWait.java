package org.layerwise.base;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits that end at once with a {@link CancelledException} if the work is cancelled or its thread interrupted. */
public final class CancellableWait {

    private static final long PIECE_MILLIS = 100;

    private CancellableWait() {}

    /**
     * Sleeps.
     *
     * @throws CancelledException if the work is cancelled or the thread interrupted
     */
    public static void sleep(Duration time, Progress progress) {
        long end = System.nanoTime() + time.toNanos();
        progress.check();
        for (long left = time.toMillis(); left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            try {
                Thread.sleep(Math.min(left, PIECE_MILLIS));
            } catch (InterruptedException e) {
                throw interrupted();
            }
            progress.check();
        }
    }

    /**
     * Waits for a result. Cancels the future if no result comes.
     *
     * @param longest maximum time to wait
     * @throws ExecutionException if the computation failed, with the failure as the cause
     * @throws TimeoutException if there is no result in time
     * @throws CancelledException if the work is cancelled or the thread interrupted
     */
    public static <T> T answer(Future<T> answer, Duration longest, Progress progress)
            throws ExecutionException, TimeoutException {
        long end = System.nanoTime() + longest.toNanos();
        boolean came = false;
        try {
            while (true) {
                progress.check();
                try {
                    T result = answer.get(PIECE_MILLIS, TimeUnit.MILLISECONDS);
                    came = true;
                    return result;
                } catch (TimeoutException e) {
                    if (System.nanoTime() - end > 0) {
                        throw e;
                    }
                }
            }
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            if (!came) { // a response body may still be arriving
                answer.cancel(true);
            }
        }
    }

    /** Returns the exception for an interrupted thread, which stays interrupted. */
    public static CancelledException interrupted() {
        Thread.currentThread().interrupt();
        return new CancelledException();
    }
}
