package org.layerwise.run;

import java.util.Locale;

/** State of a run. */
public enum RunState {
    /** Waits in a queue. */
    QUEUED,
    /** Is executed by a process. */
    RUNNING,
    /** Was completed. */
    FINISHED,
    /** Was stopped by the user. */
    CANCELLED,
    /** Failed; the reason is known. */
    FAILED,
    /** Was interrupted by the sudden end of its process, and can be resumed. */
    INTERRUPTED;

    /** Returns the name in files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns true if a run in this state can be resumed from its last checkpoint. */
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
