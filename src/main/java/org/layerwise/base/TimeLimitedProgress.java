package org.layerwise.base;

import java.time.Duration;

/** Progress of work that must end after some time: it ignores reports, and is cancelled once the time is over. */
public final class TimeLimitedProgress implements Progress {

    private final long end;

    private TimeLimitedProgress(long end) {
        this.end = end;
    }

    /** Returns a limit that begins now. */
    public static TimeLimitedProgress of(Duration time) {
        return new TimeLimitedProgress(System.nanoTime() + time.toNanos());
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
