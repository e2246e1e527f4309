package org.layerwise.gui.tasks;

import javafx.beans.property.ReadOnlyBooleanProperty;

/** Takes long work off the FX thread. Heavy work runs one at a time, in the order it was submitted. */
public interface WorkQueue {

    /** Work that was handed in. */
    interface Handle {
        /** Asks the work to stop; work that still waits never starts. */
        void stop();

        /** Holds the work up, or lets it go on; nothing happens where it cannot be held up. */
        void togglePause();

        /** Whether it is held up; changes on the FX thread. */
        ReadOnlyBooleanProperty pausedProperty();

        /** Whether it was asked to stop while it ran; changes on the FX thread. */
        ReadOnlyBooleanProperty stoppingProperty();
    }

    /** Queues work. Called on the FX thread. */
    Handle submit(Work<?> work);
}
