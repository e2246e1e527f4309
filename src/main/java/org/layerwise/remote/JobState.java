package org.layerwise.remote;

import org.layerwise.base.PlainText;

/**
 * How a job elsewhere is.
 *
 * @param words what the scheduler says of it, one line
 */
public record JobState(Phase phase, String words) {

    /** Makes the words short and fit for a terminal, whatever a scheduler says. */
    public JobState {
        words = PlainText.message(words);
    }

    /** How far. */
    public enum Phase {
        /** It waits for its turn. */
        WAITING,
        RUNNING,
        /** The program came to its end. */
        DONE,
        /** The program broke. */
        FAILED,
        /** People ended it. */
        STOPPED,
        /** The queue ended it although nothing was wrong: its time is over, or a node is lost. Handed in again, it goes on. */
        CUT_OFF,
        /** The scheduler knows it no more, and it has left no word. Handed in again, it goes on. */
        LOST;

        /** Returns true if nothing more comes of the job. */
        public boolean over() {
            return this != WAITING && this != RUNNING;
        }

        /** Whether it can be handed in again to go on. */
        public boolean resumable() {
            return over() && this != DONE;
        }
    }
}
