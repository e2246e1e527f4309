package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.time.Duration;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;

/** Counter of consecutive failures, which waits longer after each of them. Not thread-safe. */
final class RetryCounter {

    private final Timeouts patience;
    private int failures;

    RetryCounter(Timeouts patience) {
        this.patience = patience;
    }

    /** Resets the count after a success. */
    void succeeded() {
        failures = 0;
    }

    /**
     * Waits before the next attempt.
     *
     * @param what the failed operation, as the start of a line for users
     * @throws IOException the failure itself, if there were too many in a row
     * @throws CancelledException if cancelled
     */
    void failed(IOException failure, String what, Progress progress) throws IOException {
        failures++;
        if (failures >= patience.attempts()) {
            throw failure;
        }
        Duration growing = patience.firstWait().multipliedBy(1L << Math.min(failures - 1, 20));
        Duration asked =
                failure instanceof ServerBusyException busy ? busy.retryAfter().orElse(growing) : growing;
        Duration wait = asked.compareTo(patience.longestWait()) > 0 ? patience.longestWait() : asked;
        progress.report(
                Progress.UNKNOWN,
                "%s: %s; trying again in %s s"
                        .formatted(what, NetworkErrors.reason(failure), (wait.toMillis() + 999) / 1000));
        CancellableWait.sleep(wait, progress);
    }
}
