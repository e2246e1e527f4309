package org.layerwise.remote.ssh;

import java.io.IOException;
import java.time.Duration;
import org.apache.sshd.common.future.VerifiableFuture;
import org.apache.sshd.common.future.WaitableFuture;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;

/** Waits for futures of the SSH library, whose own waiting cannot be cancelled. */
final class CancellableFutures {

    private static final long POLL_MILLIS = 100;

    private CancellableFutures() {}

    /**
     * Waits for an answer.
     *
     * @throws IOException if the other side refuses, or is silent for longer than {@code patience}
     * @throws CancelledException if cancelled
     */
    static <F extends WaitableFuture & VerifiableFuture<F>> F await(F future, Duration patience, Progress progress)
            throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (!future.await(POLL_MILLIS)) {
            progress.check();
            if (System.nanoTime() - end > 0) {
                break;
            }
        }
        return future.verify(1);
    }
}
