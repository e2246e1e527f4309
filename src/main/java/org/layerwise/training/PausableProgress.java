package org.layerwise.training;

import org.layerwise.base.ForwardingProgress;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;

/** Progress whose checks can pause a training; it measures the total time of the pauses. */
final class PausableProgress extends ForwardingProgress {

    private final PauseSwitch pause;
    private long heldNanos;

    PausableProgress(Progress whole, PauseSwitch pause) {
        super(whole);
        this.pause = pause;
    }

    @Override
    public void check() {
        if (!pause.paused()) {
            whole.check();
            return;
        }
        long since = System.nanoTime();
        try {
            pause.await(whole);
        } finally {
            heldNanos += System.nanoTime() - since;
        }
    }

    /** Returns the total time of the pauses in seconds. */
    double heldSeconds() {
        return heldNanos / 1e9;
    }
}
