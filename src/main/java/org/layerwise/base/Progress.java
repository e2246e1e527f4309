package org.layerwise.base;

import java.util.function.Consumer;

/**
 * Channel between long work and its caller: the work reports its progress and asks if it should stop. The window
 * implements it with a task, the command line with a progress bar; the work depends on neither. Implementations must be
 * cheap and safe to call from the thread that does the work.
 */
public interface Progress {

    /** Fraction to report if the length of the work is unknown. */
    double UNKNOWN = -1;

    /**
     * Reports the progress of the work.
     *
     * @param fraction completed part, 0 to 1, or {@link #UNKNOWN}
     * @param message current activity, one short line
     */
    void report(double fraction, String message);

    /**
     * Receives a remark that the user should still see when the work has ended, one sentence. Ignored by default.
     */
    default void note(String remark) {}

    /** Returns true if the work was asked to stop. */
    boolean cancelled();

    /**
     * Throws if the work was asked to stop. The work must call this method at least once a second.
     *
     * @throws CancelledException if {@link #cancelled()} is true
     */
    default void check() {
        if (cancelled()) {
            throw new CancelledException();
        }
    }

    /**
     * Returns a view of this progress for one part of the work. The part reports 0 to 1, which is mapped to
     * {@code from..to} of this progress.
     */
    default Progress part(double from, double to) {
        return new ForwardingProgress(this) {
            @Override
            public void report(double fraction, String message) {
                whole.report(fraction < 0 ? from : from + (to - from) * Math.min(fraction, 1), message);
            }
        };
    }

    /**
     * Returns a view of this progress that can be cancelled and passes remarks on, but reports nothing, for inner work
     * whose outer work already reports.
     */
    default Progress silent() {
        return new ForwardingProgress(this) {
            @Override
            public void report(double fraction, String message) {
                // the outer work reports
            }
        };
    }

    /** Returns a view of this progress whose remarks go to another receiver. */
    default Progress noting(Consumer<String> remarks) {
        return new ForwardingProgress(this) {
            @Override
            public void note(String remark) {
                remarks.accept(remark);
            }
        };
    }

    /** Returns a progress that ignores reports and is never cancelled. */
    static Progress none() {
        return new Progress() {
            @Override
            public void report(double fraction, String message) {
                // ignored
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };
    }
}
