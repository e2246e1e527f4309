package org.layerwise.testing;

/** Threads of work that was begun ahead of its use. */
public final class BackgroundThreads {

    private BackgroundThreads() {}

    /** Waits until all threads with a name have ended. */
    public static void awaitEnd(String name) {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(name)) {
                try {
                    thread.join(60_000);
                    if (thread.isAlive()) {
                        throw new AssertionError("The thread \"%s\" does not end".formatted(name));
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
