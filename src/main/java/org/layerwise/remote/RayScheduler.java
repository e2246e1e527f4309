package org.layerwise.remote;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.remote.ray.RayJob;
import org.layerwise.remote.ray.RayJobs;

/**
 * Scheduler that runs jobs as Ray jobs, which start Ray Train.
 *
 * @param python command that starts Python on the cluster
 * @param lookEvery time between two looks at a job that was asked to stop
 */
record RayScheduler(RayJobs jobs, JobStorage storage, String python, Duration lookEvery) implements JobScheduler {

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** Maximum number of looks at a job that was asked to stop; Ray kills its program after three seconds. */
    private static final int LOOKS_AT_END = 60;

    RayScheduler(RayJobs jobs, JobStorage storage, String python) {
        this(jobs, storage, python, LOOK_EVERY);
    }

    @Override
    public void require(Progress progress) throws IOException {
        jobs.version(progress);
    }

    @Override
    public String submit(JobTicket ticket, int attempt, Progress progress) throws IOException {
        String files = ProgramFiles.of(JobProgram.FILES).upload(jobs, progress);
        String number = number(ticket, attempt);
        WorkerCount workers = ticket.workers();
        String command = "%s -u -m layerwise_job.ray_train %s %s --workers %s%s"
                .formatted(
                        python,
                        storage.there(ticket.folder()),
                        storage.there(ticket.run()),
                        workers.count(),
                        workers.gpu() ? " --gpu" : "");
        jobs.submit(number, command, files, progress);
        return number;
    }

    @Override
    public void endEarlier(JobTicket ticket, Progress progress) throws IOException {
        String number = number(ticket);
        for (int look = 0; runs(number, progress); look++) {
            if (look == 0) {
                jobs.stop(number, progress);
            } else if (look > LOOKS_AT_END) {
                throw new UserException(
                        "An earlier attempt still runs on the cluster, although it was asked to stop; end it there (ray job stop %s) and try again."
                                .formatted(number));
            }
            CancellableWait.sleep(lookEvery, progress);
        }
    }

    private boolean runs(String number, Progress progress) throws IOException {
        return jobs.job(number, progress).filter(job -> !job.state().over()).isPresent();
    }

    /** Returns the number of the last attempt, which is the id of a job whose submission had no answer. */
    private static String number(JobTicket ticket) {
        return ticket.isNumbered() ? ticket.number() : number(ticket, 1);
    }

    private static String number(JobTicket ticket, int attempt) {
        return attempt == 1 ? ticket.id().text() : ticket.id() + "." + attempt;
    }

    @Override
    public Optional<String> taken(JobTicket ticket, int attempt, Progress progress) throws IOException {
        String number = number(ticket, attempt);
        return jobs.job(number, progress).map(known -> number);
    }

    @Override
    public JobState state(JobTicket ticket, Progress progress) throws IOException {
        Optional<RayJob> known = jobs.job(number(ticket), progress);
        if (known.isEmpty()) {
            return new JobState(
                    JobState.Phase.LOST, "The cluster does not know the job any more; its head was started anew.");
        }
        RayJob job = known.get();
        return switch (job.state()) {
            case PENDING -> new JobState(JobState.Phase.WAITING, JobLogText.line(job.message()));
            case RUNNING -> new JobState(JobState.Phase.RUNNING, JobLogText.line(job.message()));
            case SUCCEEDED -> new JobState(JobState.Phase.DONE, JobLogText.line(job.message()));
            case FAILED -> new JobState(JobState.Phase.FAILED, JobLogText.reason(job.message()));
            case STOPPED -> new JobState(JobState.Phase.STOPPED, JobLogText.line(job.message()));
            case UNKNOWN ->
                new JobState(
                        JobState.Phase.RUNNING,
                        "a state that Layerwise does not know; it waits for the job's end. "
                                + JobLogText.line(job.message()));
        };
    }

    @Override
    public String log(JobTicket ticket, Progress progress) throws IOException {
        return JobLogText.plain(jobs.logs(number(ticket), progress));
    }

    @Override
    public void kill(JobTicket ticket, Progress progress) throws IOException {
        jobs.stop(number(ticket), progress);
    }
}
