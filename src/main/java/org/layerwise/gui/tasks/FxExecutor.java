package org.layerwise.gui.tasks;

/** Runs actions on the FX thread for background threads. */
public interface FxExecutor {

    /** Runs the action on the FX thread soon. */
    void run(Runnable action);

    /**
     * Returns a runnable that may be called at any rate from any thread. The action then runs on the FX thread at most
     * twenty times a second, and always once more after the last call.
     */
    Runnable coalesced(Runnable action);
}
