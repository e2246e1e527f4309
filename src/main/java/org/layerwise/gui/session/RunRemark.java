package org.layerwise.gui.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line in the log of a run.
 *
 * @param when null where that is not known
 * @param words one sentence
 */
public record RunRemark(Kind kind, @Nullable Instant when, String words) {

    /** What a line is about. */
    public enum Kind {
        /** It began, was held up, came to an end. */
        COURSE,
        EVALUATION,
        CHECKPOINT,
        /** Something that people should know. */
        NOTE,
        /** What broke it. */
        PROBLEM
    }
}
