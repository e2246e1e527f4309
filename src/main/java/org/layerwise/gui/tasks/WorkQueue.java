package org.layerwise.gui.tasks;

import javafx.beans.property.ReadOnlyBooleanProperty;

/** Runs long work outside the FX thread. Heavy work runs one piece at a time, in the order of submission. */
public interface WorkQueue {

    /** Handle of submitted work. */
    interface Handle {
        /** Asks the work to stop. Work that still waits never starts. */
        void stop();

        /** Pauses or resumes the work. Does nothing if the work cannot be paused. */
        void togglePause();

        /** Returns the property that is true while the work is paused. Changes on the FX thread. */
        ReadOnlyBooleanProperty pausedProperty();

        /** Returns the property that is true after running work was asked to stop. Changes on the FX thread. */
        ReadOnlyBooleanProperty stoppingProperty();
    }

    /** Queues work. Must be called on the FX thread. */
    Handle submit(Work<?> work);
}
