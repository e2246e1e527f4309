package org.layerwise.study;

import java.util.Locale;

/** How far a run is. */
public enum RunState {
    /** It waits for its turn. */
    QUEUED,
    /** A process is at it. */
    RUNNING,
    /** It came to its end. */
    FINISHED,
    /** It was asked to stop. */
    CANCELLED,
    /** It broke; the reason is told. */
    FAILED,
    /** Its process ended without a word: it can be resumed. */
    INTERRUPTED;

    /** The word in files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it may go on from its last checkpoint. */
    public boolean resumable() {
        return this == CANCELLED || this == FAILED || this == INTERRUPTED;
    }

    static RunState of(String word) {
        for (RunState state : values()) {
            if (state.id().equals(word)) {
                return state;
            }
        }
        return INTERRUPTED;
    }
}
