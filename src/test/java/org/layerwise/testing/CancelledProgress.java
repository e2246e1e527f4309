package org.layerwise.testing;

import java.util.function.BooleanSupplier;
import org.layerwise.base.Progress;

/** Progress that is cancelled when a test says so, and passes over what is reported. */
public final class CancelledProgress {

    private CancelledProgress() {}

    /**
     * Makes one.
     *
     * @param cancelled asked each time that the work asks
     */
    public static Progress when(BooleanSupplier cancelled) {
        return new Progress() {
            @Override
            public void report(double fraction, String message) {
                // not of interest
            }

            @Override
            public boolean cancelled() {
                return cancelled.getAsBoolean();
            }
        };
    }
}
