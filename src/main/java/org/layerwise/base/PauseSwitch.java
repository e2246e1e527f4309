package org.layerwise.base;

/**
 * Switch by which people pause and resume long work. The user interface and the work share one object. The work calls
 * {@link #await} wherever it can stop for a while without losing anything. Thread-safe.
 */
public final class PauseSwitch {

    private static final long POLL_MILLIS = 100;

    private boolean paused;

    /** Pauses the work at its next {@link #await}. Does nothing if the work is already paused. */
    public synchronized void pause() {
        paused = true;
    }

    /** Resumes the work. */
    public synchronized void resume() {
        paused = false;
        notifyAll();
    }

    /** Returns true if the work is paused, or will pause at its next {@link #await}. */
    public synchronized boolean paused() {
        return paused;
    }

    /**
     * Waits while the work is paused.
     *
     * @throws CancelledException if the work is cancelled meanwhile, or the thread interrupted
     */
    public synchronized void await(Progress progress) {
        progress.check();
        while (paused) {
            try {
                wait(POLL_MILLIS);
            } catch (InterruptedException e) {
                throw CancellableWait.interrupted();
            }
            progress.check();
        }
    }
}
