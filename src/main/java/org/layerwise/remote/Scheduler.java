package org.layerwise.remote;

import java.io.IOException;
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
     * Hands a job in whose folder lies in the storage. Of one that is to go on and has a job in its folder already, that one is taken.
     *
     * @param ticket of the job, still without a number the first time
     * @param attempt 1 for the first time, more when it is to go on
     * @return the number by which it is known from now on
     * @throws org.layerwise.base.UserException if it is not taken, in the scheduler's words
     */
    String submit(JobTicket ticket, int attempt, Progress progress) throws IOException;

    /** How a job is. */
    JobState state(JobTicket ticket, Progress progress) throws IOException;

    /** All that it has printed, or the end of it. */
    String log(JobTicket ticket, Progress progress) throws IOException;

    /** Ends a job at once; one that is over is left as it is. */
    void kill(JobTicket ticket, Progress progress) throws IOException;
}
