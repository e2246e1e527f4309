package org.layerwise.remote.ray;

import java.util.Locale;

/**
 * Job as the cluster reports it.
 *
 * @param message Ray's description of its state, for users
 */
public record RayJob(State state, String message) {

    /** Ray's JobStatus. */
    public enum State {
        PENDING,
        RUNNING,
        SUCCEEDED,
        FAILED,
        STOPPED,
        /** State unknown to this version; the job may still run. */
        UNKNOWN;

        static State of(String word) {
            for (State state : values()) {
                if (state.name().equals(word.toUpperCase(Locale.ROOT))) {
                    return state;
                }
            }
            return UNKNOWN;
        }

        /** Returns true if the job is over. */
        public boolean over() {
            return this == SUCCEEDED || this == FAILED || this == STOPPED;
        }
    }
}
