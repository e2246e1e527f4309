package org.layerwise.gui.run;

/** Guards files of a waiting run: files for a waiting run must not be written after the run has started. */
final class StartLatch {

    private boolean begun;

    /** Runs an action that writes files, unless the run has started. */
    synchronized void runIfWaiting(Runnable writing) {
        if (!begun) {
            writing.run();
        }
    }

    /** Marks the run as started. */
    synchronized void begin() {
        begun = true;
    }
}
