package org.layerwise.base;

/**
 * A switch by which people hold up long work and let it go on. Whoever offers the button holds the same object as the
 * work, which calls {@link #await} wherever it can stop for a while without losing anything. Safe for all threads.
 */
public final class Pause {

    private static final long POLL_MILLIS = 100;

    private boolean paused;

    /** Holds up the work at its next {@link #await}; nothing happens if it is held up already. */
    public synchronized void pause() {
        paused = true;
    }

    /** Lets the work go on. */
    public synchronized void resume() {
        paused = false;
        notifyAll();
    }

    /** Whether the work is, or will soon be, held up. */
    public synchronized boolean paused() {
        return paused;
    }

    /**
     * Returns at once, or when the work may go on.
     *
     * @throws CancelledException if the work is cancelled meanwhile, or the thread interrupted
     */
    public synchronized void await(Progress progress) {
        progress.check();
        while (paused) {
            try {
                wait(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancelledException();
            }
            progress.check();
        }
    }
}
