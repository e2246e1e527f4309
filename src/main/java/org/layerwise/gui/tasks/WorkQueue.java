package org.layerwise.gui.tasks;

/** Takes long work off the FX thread. Heavy work runs one at a time, in the order it was submitted. */
public interface WorkQueue {

    /** Work that was handed in. */
    interface Handle {
        /** Asks the work to stop; work that still waits never starts. */
        void stop();
    }

    /** Queues work. Called on the FX thread. */
    Handle submit(Work<?> work);
}
