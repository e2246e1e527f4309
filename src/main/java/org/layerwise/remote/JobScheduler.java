package org.layerwise.remote;

import java.io.IOException;
import java.util.Optional;
import org.layerwise.base.Progress;

/**
 * Scheduler of jobs: Ray, or Slurm. An {@link IOException} means that no answer came. A ticket without a number is that
 * of a job whose submission had no answer, which the scheduler finds by its id or its folder.
 */
interface JobScheduler {

    /**
     * Makes sure that the scheduler is available in a supported version.
     *
     * @throws org.layerwise.base.UserException that names the version if it is not
     */
    void require(Progress progress) throws IOException;

    /**
     * Submits a job whose folder is in the storage.
     *
     * @param ticket ticket of the job, which has no number at the first attempt
     * @param attempt 1 for the first time, more to resume the job
     * @return the number that identifies the job from then on
     * @throws org.layerwise.base.UserException with the scheduler's message if it refuses the job
     */
    String submit(JobTicket ticket, int attempt, Progress progress) throws IOException;

    /**
     * Looks for a job that an earlier call for the same attempt submitted although no answer arrived. Two jobs at once
     * would write into one folder.
     *
     * @param attempt 1 for the first time, more to resume the job
     * @return its number; empty if there is none
     */
    Optional<String> taken(JobTicket ticket, int attempt, Progress progress) throws IOException;

    /**
     * Ends an earlier attempt that still runs, since two would write into one folder; returns once it has ended.
     *
     * @throws org.layerwise.base.UserException if it does not end
     */
    void endEarlier(JobTicket ticket, Progress progress) throws IOException;

    /** Returns the state of a job. */
    JobState state(JobTicket ticket, Progress progress) throws IOException;

    /** Returns all output of a job, or the end of it. */
    String log(JobTicket ticket, Progress progress) throws IOException;

    /** Ends a job at once; has no effect on a job that is over. */
    void kill(JobTicket ticket, Progress progress) throws IOException;
}
