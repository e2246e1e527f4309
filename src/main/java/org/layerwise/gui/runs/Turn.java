package org.layerwise.gui.runs;

/** Whether a run still waits for its turn: what is written for a run that waits must not be written once it has begun. */
final class Turn {

    private boolean begun;

    /** Writes something unless the run has begun. */
    synchronized void whileWaiting(Runnable writing) {
        if (!begun) {
            writing.run();
        }
    }

    /** The run begins. */
    synchronized void begin() {
        begun = true;
    }
}
