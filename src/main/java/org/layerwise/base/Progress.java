package org.layerwise.base;

/**
 * How long work speaks to whoever started it: it reports how far it is and asks whether it should stop. The window backs
 * it with a task, the command line with a progress bar; the work itself knows of neither. Implementations must be cheap
 * and safe to call from the thread that does the work.
 */
public interface Progress {

    /** The fraction to report when the length of the work is not known. */
    double UNKNOWN = -1;

    /**
     * Reports how far the work is.
     *
     * @param fraction done so far, 0 to 1, or {@link #UNKNOWN}
     * @param message what is being done now, one short line
     */
    void report(double fraction, String message);

    /** Whether the work was asked to stop. */
    boolean cancelled();

    /**
     * Stops the work if it was asked to: call it at least once a second.
     *
     * @throws CancelledException if {@link #cancelled()}
     */
    default void check() {
        if (cancelled()) {
            throw new CancelledException();
        }
    }

    /** A view of this progress for one part of the work, which reports 0 to 1 of its own and fills {@code from..to} here. */
    default Progress part(double from, double to) {
        Progress whole = this;
        return new Progress() {
            @Override
            public void report(double fraction, String message) {
                whole.report(fraction < 0 ? from : from + (to - from) * Math.min(fraction, 1), message);
            }

            @Override
            public boolean cancelled() {
                return whole.cancelled();
            }
        };
    }

    /** A view of this progress that can be cancelled but does not report: for work inside work that reports already. */
    default Progress silent() {
        Progress whole = this;
        return new Progress() {
            @Override
            public void report(double fraction, String message) {
                // the work around it reports
            }

            @Override
            public boolean cancelled() {
                return whole.cancelled();
            }
        };
    }

    /** Reports to nobody and is never cancelled. */
    static Progress none() {
        return new Progress() {
            @Override
            public void report(double fraction, String message) {
                // nobody listens
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };
    }
}
