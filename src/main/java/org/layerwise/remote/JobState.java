package org.layerwise.remote;

import org.layerwise.base.PlainText;

/**
 * State of a job on a cluster.
 *
 * @param words description by the scheduler, one line
 */
public record JobState(Phase phase, String words) {

    /** Creates a state; shortens the description and removes characters that control a terminal. */
    public JobState {
        words = PlainText.message(words);
    }

    /** Phase of a job. */
    public enum Phase {
        /** Waits in the queue. */
        WAITING,
        RUNNING,
        /** Program completed. */
        DONE,
        /** Program failed. */
        FAILED,
        /** Cancelled by a user. */
        STOPPED,
        /**
         * Ended by the queue without a fault of the job: its time limit is reached, or a node is lost. The job can be
         * resumed.
         */
        CUT_OFF,
        /** Unknown to the scheduler, and without a recorded end. The job can be resumed. */
        LOST;

        /** Returns true if the job is over. */
        public boolean over() {
            return this != WAITING && this != RUNNING;
        }

        /** Returns true if the job can be submitted again to be resumed. */
        public boolean resumable() {
            return over() && this != DONE;
        }
    }
}
