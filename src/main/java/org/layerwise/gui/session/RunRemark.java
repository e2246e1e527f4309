package org.layerwise.gui.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line in the log of a run.
 *
 * @param when time of the event; null if the time is not known
 * @param words one sentence
 */
public record RunRemark(Kind kind, @Nullable Instant when, String words) {

    /** Subject of a log line. */
    public enum Kind {
        /** Start, pause, resumption or end of the run. */
        COURSE,
        EVALUATION,
        CHECKPOINT,
        /** Information that users should know. */
        NOTE,
        /** Error that ended the run. */
        PROBLEM
    }
}
