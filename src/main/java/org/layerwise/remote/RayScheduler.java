package org.layerwise.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.layerwise.base.Progress;
import org.layerwise.remote.ray.RayJob;
import org.layerwise.remote.ray.RayJobs;

/** Jobs as Ray jobs that start Ray Train. */
final class RayScheduler implements Scheduler {

    private final RayJobs jobs;
    private final Storage storage;
    private final String python;

    RayScheduler(RayJobs jobs, Storage storage, String python) {
        this.jobs = jobs;
        this.storage = storage;
        this.python = python;
    }

    @Override
    public void require(Progress progress) throws IOException {
        jobs.version(progress);
    }

    @Override
    public String submit(JobTicket ticket, int attempt, Progress progress) throws IOException {
        ProgramFiles program = ProgramFiles.of(JobProgram.FILES);
        Path zip = Files.createTempFile("layerwise", ".zip");
        String files;
        try {
            program.zip(zip);
            files = jobs.upload(zip, program.hash(), progress);
        } finally {
            Files.delete(zip);
        }
        String number = attempt == 1 ? ticket.id().text() : ticket.id() + "." + attempt;
        Workers workers = ticket.workers();
        String command = "%s -u -m layerwise_job.ray_train %s %s --workers %s%s"
                .formatted(
                        python,
                        storage.there(ticket.folder()),
                        storage.there(ticket.run()),
                        workers.count(),
                        workers.gpu() ? " --gpu" : "");
        jobs.submit(number, command, files, Map.of(), progress);
        return number;
    }

    @Override
    public JobState state(JobTicket ticket, Progress progress) throws IOException {
        RayJob job = jobs.job(ticket.number(), progress)
                .orElse(new RayJob(
                        RayJob.State.UNKNOWN,
                        "The cluster does not know the job any more; its head was started anew."));
        JobState.Phase phase =
                switch (job.state()) {
                    case PENDING -> JobState.Phase.WAITING;
                    case RUNNING -> JobState.Phase.RUNNING;
                    case SUCCEEDED -> JobState.Phase.DONE;
                    case FAILED -> JobState.Phase.FAILED;
                    case STOPPED -> JobState.Phase.STOPPED;
                    case UNKNOWN -> JobState.Phase.LOST;
                };
        String words = phase == JobState.Phase.FAILED ? JobWords.reason(job.message()) : JobWords.line(job.message());
        return new JobState(phase, words);
    }

    @Override
    public String log(JobTicket ticket, Progress progress) throws IOException {
        return JobWords.plain(jobs.logs(ticket.number(), progress));
    }

    @Override
    public void kill(JobTicket ticket, Progress progress) throws IOException {
        jobs.stop(ticket.number(), progress);
    }
}
