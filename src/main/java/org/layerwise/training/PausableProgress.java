package org.layerwise.training;

import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;

/** Progress whose checks can pause a training; it measures the total time of the pauses. */
final class PausableProgress implements Progress {

    private final Progress whole;
    private final PauseSwitch pause;
    private long heldNanos;

    PausableProgress(Progress whole, PauseSwitch pause) {
        this.whole = whole;
        this.pause = pause;
    }

    @Override
    public void report(double fraction, String message) {
        whole.report(fraction, message);
    }

    @Override
    public void note(String remark) {
        whole.note(remark);
    }

    @Override
    public boolean cancelled() {
        return whole.cancelled();
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
