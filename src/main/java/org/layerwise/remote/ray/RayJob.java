package org.layerwise.remote.ray;

import java.util.Locale;

/**
 * A job as the cluster sees it.
 *
 * @param message what Ray says of its state, for people
 */
public record RayJob(State state, String message) {

    /** Ray's JobStatus. */
    public enum State {
        PENDING,
        RUNNING,
        SUCCEEDED,
        FAILED,
        STOPPED,
        /** A state that this version does not know; the job may go on. */
        UNKNOWN;

        static State of(String word) {
            for (State state : values()) {
                if (state.name().equals(word.toUpperCase(Locale.ROOT))) {
                    return state;
                }
            }
            return UNKNOWN;
        }

        /** Returns true if nothing more comes of the job. */
        public boolean over() {
            return this == SUCCEEDED || this == FAILED || this == STOPPED;
        }
    }
}
