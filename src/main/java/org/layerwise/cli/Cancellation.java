package org.layerwise.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Whether the person asked the running command to stop. Ctrl+C (and a polite kill) ends the JVM through its shutdown
 * hooks: the hook of this class says so to the work and holds the end up until the work has put its files in order. The
 * exit code is then the JVM's own, 128 plus the signal's number.
 */
final class Cancellation {

    private static final long LONGEST_STEP_MINUTES = 10;

    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean requested;

    boolean requested() {
        return requested;
    }

    void request() {
        requested = true;
    }

    /** The command has returned: nothing is left to wait for. */
    void finished() {
        finished.countDown();
    }

    /** Ties this to the end of the process. */
    void onShutdown(Console console) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(console), "stop on signal"));
    }

    private void stop(Console console) {
        if (finished.getCount() == 0) {
            return;
        }
        request();
        console.err().println();
        console.err().println("Stopping after the step in hand.");
        try {
            if (!finished.await(LONGEST_STEP_MINUTES, TimeUnit.MINUTES)) {
                LoggerFactory.getLogger(Cancellation.class).warn("work did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
