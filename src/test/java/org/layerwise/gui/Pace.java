package org.layerwise.gui;

import java.util.function.UnaryOperator;
import org.layerwise.base.Progress;

/** The pace of a window's work: each report of its progress lasts as long as a test wants, or fails. */
public final class Pace implements UnaryOperator<Progress> {

    private volatile long millis;
    private volatile String slowed = "";
    private volatile boolean failing;

    /** Sets how long each report lasts. */
    public void set(long eachReport) {
        slowed = "";
        millis = eachReport;
    }

    /** Sets how long each step of a training lasts; all other work is not slowed down. */
    public void steps(long each) {
        slowed = "Step ";
        millis = each;
    }

    /** Makes work fail in its middle with a defect, not a user's mistake. */
    public void fail(boolean fails) {
        failing = fails;
    }

    @Override
    public Progress apply(Progress progress) {
        return new Progress() {
            @Override
            public void report(double fraction, String message) {
                progress.report(fraction, message);
                try {
                    Thread.sleep(message.startsWith(slowed) ? millis : 0);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                if (failing && fraction > 0.3) {
                    throw new IllegalStateException("an invented defect");
                }
            }

            @Override
            public boolean cancelled() {
                return progress.cancelled();
            }
        };
    }
}
