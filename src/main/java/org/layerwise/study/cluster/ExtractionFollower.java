package org.layerwise.study.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.FileLock;
import org.layerwise.base.file.TemporaryFolder;
import org.layerwise.base.json.Json;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterUnreachable;
import org.layerwise.remote.JobFollower;
import org.layerwise.remote.JobListener;
import org.layerwise.remote.JobState;
import org.layerwise.remote.JobTicket;
import org.layerwise.remote.RemoteJobs;
import org.layerwise.remote.ssh.SshSetup;
import org.layerwise.run.MetricsLog;

/**
 * Follows an extraction on a cluster. This needs no model on this computer.
 *
 * @param pause pause between two requests for news of the job
 */
public record ExtractionFollower(Cluster target, SshSetup setup, JobListener listener, Duration pause) {

    /**
     * Follows a job to its end.
     *
     * @param here folder that identifies the job
     * @throws UserException if the job has no result; the message has the reason
     * @throws org.layerwise.base.CancelledException if cancelled; the job continues
     */
    public void await(Path here, Progress progress) {
        JobState state = follow(here, progress);
        if (state.phase() != JobState.Phase.DONE) {
            PendingAnalysis.forget(here);
            throw failed(JobTicket.read(here), state);
        }
    }

    private JobState follow(Path here, Progress progress) {
        try (TemporaryFolder work = TemporaryFolder.make("job")) {
            return follow(JobTicket.read(here), work.path().resolve(MetricsLog.NAME), progress);
        } catch (IOException e) {
            throw new UserException("There is no room for temporary files: %s.".formatted(FileErrors.reason(e)), e);
        }
    }

    /** Returns an exception with the reason for the missing result. */
    UserException failed(JobTicket ticket, JobState state) {
        if (state.phase() == JobState.Phase.CUT_OFF || state.phase() == JobState.Phase.LOST) {
            return new UserException("The job on %s was cut off (%s); ask the same again to hand it in once more."
                    .formatted(target.name(), state.words()));
        }
        return new UserException("The job on %s has failed (%s)."
                .formatted(target.name(), RemoteJobs.failureReason(target, setup, ticket, state, Progress.none())));
    }

    /**
     * Follows a job to its end and returns its last state.
     *
     * @param told file for the progress of the job; no other follower may use the same file
     */
    JobState follow(JobTicket ticket, Path told, Progress progress) {
        return new JobFollower(
                        part -> RemoteJobs.open(target, setup, part),
                        ticket,
                        told,
                        () -> false,
                        pause,
                        new Shown(listener, progress),
                        (anew, lines) -> told(lines, progress))
                .follow(progress);
    }

    private void told(List<String> lines, Progress progress) {
        if (lines.isEmpty()) {
            return;
        }
        try {
            JsonNode last = Json.parse(lines.get(lines.size() - 1));
            int done = last.path("rows").intValue();
            int of = Math.max(1, last.path("of").intValue());
            progress.report((double) done / of, "%s of %s rows of the first worker".formatted(done, of));
        } catch (JsonProcessingException e) {
            throw new UserException(
                    "The job on %s tells its progress in another way than this version of Layerwise knows."
                            .formatted(target.name()),
                    e);
        }
    }

    /** Listener that also shows the state of the job as progress. */
    private record Shown(JobListener inside, Progress progress) implements JobListener {
        @Override
        public void noted(String remark) {
            inside.noted(remark);
        }

        @Override
        public void state(String place, JobState state) {
            inside.state(place, state);
            progress.report(Progress.UNKNOWN, "On %s: %s".formatted(place, state.words()));
        }
    }

    /**
     * Kills the job. A later request with the same inputs submits a new job.
     *
     * @param here folder that identifies the job; it is deleted
     */
    public void end(Path here, Progress progress) {
        if (!JobTicket.isIn(here)) {
            return; // the result has been fetched in the meantime
        }
        ExtractionJobs all = ExtractionJobs.of(here);
        try (RemoteJobs jobs = RemoteJobs.open(target, setup, progress);
                FileLock turn = all.turn(here, progress)) {
            if (JobTicket.isIn(here)) {
                JobTicket ticket = JobTicket.read(here);
                jobs.kill(ticket, progress.silent());
                all.archiveInTurn(here, ticket);
            }
        } catch (IOException e) {
            throw ClusterUnreachable.of(target.name(), e);
        }
    }
}
