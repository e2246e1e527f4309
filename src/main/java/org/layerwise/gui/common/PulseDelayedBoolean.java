package org.layerwise.gui.common;

import javafx.animation.AnimationTimer;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.value.ObservableValue;

/**
 * Value that becomes true one pulse after another one does, and false together with it. What waits for it is styled and laid out in a
 * pulse of its own, so that the window answers in between.
 */
public final class PulseDelayedBoolean extends ReadOnlyBooleanWrapper {

    /** Pulses that begin until the first pulse after the change is over. */
    private static final int OVER = 2;

    private final ObservableValue<Boolean> first;
    private final AnimationTimer pulses = new AnimationTimer() {
        @Override
        public void handle(long now) {
            if (++begun == OVER) {
                stop();
                set(first.getValue());
            }
        }
    };
    private int begun;

    /** @param first value to follow; its listeners must be called on the FX thread */
    public PulseDelayedBoolean(ObservableValue<Boolean> first) {
        super(first.getValue());
        this.first = first;
        first.addListener((observable, was, is) -> {
            pulses.stop();
            begun = 0;
            if (is) {
                pulses.start();
            } else {
                set(false);
            }
        });
    }
}
