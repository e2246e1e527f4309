package org.layerwise.base;

import java.time.Duration;

/** Progress of work that must end after some time: it ignores reports, and is cancelled once the time is over. */
public final class TimeLimit implements Progress {

    private final long end;

    private TimeLimit(long end) {
        this.end = end;
    }

    /** Returns a limit that begins now. */
    public static TimeLimit of(Duration time) {
        return new TimeLimit(System.nanoTime() + time.toNanos());
    }

    @Override
    public void report(double fraction, String message) {
        // ignored
    }

    @Override
    public boolean cancelled() {
        return System.nanoTime() - end >= 0;
    }
}
