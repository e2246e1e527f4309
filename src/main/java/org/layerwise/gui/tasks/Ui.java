package org.layerwise.gui.tasks;

/** The way from a working thread to the FX thread. */
public interface Ui {

    /** Runs the action on the FX thread, soon. */
    void run(Runnable action);

    /**
     * A runnable that may be called as often as the work likes, from any thread: the action runs on the FX thread at most
     * twenty times a second, always once more after the last call.
     */
    Runnable coalesced(Runnable action);
}
