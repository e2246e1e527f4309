package org.layerwise.remote;

import java.io.IOException;
import java.util.Optional;
import org.layerwise.base.Progress;

/** What starts jobs: Ray, or Slurm. An {@link IOException} says that no answer came. */
interface Scheduler {

    /**
     * Makes sure that it is there and speaks the language that is spoken here.
     *
     * @throws org.layerwise.base.UserException if not, naming the version
     */
    void require(Progress progress) throws IOException;

    /**
     * Hands a job in whose folder lies in the storage.
     *
     * @param ticket of the job, still without a number the first time
     * @param attempt 1 for the first time, more when it is to go on
     * @return the number by which it is known from now on
     * @throws org.layerwise.base.UserException if it is not taken, in the scheduler's words
     */
    String submit(JobTicket ticket, int attempt, Progress progress) throws IOException;

    /**
     * Looks for a job that was taken when this attempt was made before, although no answer said so. Two at once would write into one
     * folder.
     *
     * @param attempt more than 1
     * @return its number; empty if there is none
     */
    Optional<String> taken(JobTicket ticket, int attempt, Progress progress) throws IOException;

    /** How a job is. */
    JobState state(JobTicket ticket, Progress progress) throws IOException;

    /** All that it has printed, or the end of it. */
    String log(JobTicket ticket, Progress progress) throws IOException;

    /** Ends a job at once; one that is over is left as it is. */
    void kill(JobTicket ticket, Progress progress) throws IOException;
}
