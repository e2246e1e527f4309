package org.layerwise.study;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Json;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.remote.JobFollower;
import org.layerwise.remote.JobState;
import org.layerwise.remote.JobTicket;
import org.layerwise.remote.JobWorkers;
import org.layerwise.remote.RemoteJobs;
import org.layerwise.remote.Target;
import org.layerwise.remote.ssh.SshSetup;

/** Follows an extraction on a cluster, for which no model is needed here. */
public final class ExtractionFollower {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private final Target target;
    private final SshSetup setup;
    private final Consumer<String> remarks;
    private final Duration pause;

    /** @param remarks hears how the job is, a sentence each */
    public ExtractionFollower(Target target, SshSetup setup, Consumer<String> remarks) {
        this(target, setup, remarks, LOOK_EVERY);
    }

    ExtractionFollower(Target target, SshSetup setup, Consumer<String> remarks, Duration pause) {
        this.target = target;
        this.setup = setup;
        this.remarks = remarks;
        this.pause = pause;
    }

    /**
     * Follows to the end.
     *
     * @param here the folder by which the job is found
     * @throws org.layerwise.base.CancelledException if cancelled; the job goes on
     */
    public JobState follow(Path here, Progress progress) {
        try {
            Path work = Files.createTempDirectory("layerwise-job");
            try {
                return follow(JobTicket.read(here), work.resolve(MetricsLog.NAME), progress);
            } finally {
                WholeFiles.deleteFolder(work);
            }
        } catch (IOException e) {
            throw new UserException("There is no room for temporary files: %s.".formatted(WholeFiles.reason(e)), e);
        }
    }

    /** @param told a file for what the job tells; nobody else follows it into the same one */
    JobState follow(JobTicket ticket, Path told, Progress progress) {
        return new JobFollower(
                        part -> RemoteJobs.open(target, setup, part), ticket, told, pause, new Following(progress))
                .follow(progress);
    }

    private final class Following implements JobFollower.Listener {
        private final Progress progress;

        Following(Progress progress) {
            this.progress = progress;
        }

        @Override
        public void state(JobState state) {
            remarks.accept("%s: %s".formatted(target.name(), state.words()));
            progress.report(Progress.UNKNOWN, "On %s: %s".formatted(target.name(), state.words()));
        }

        @Override
        public void workers(JobWorkers found) {
            remarks.accept("%s: %s".formatted(target.name(), found.words()));
        }

        @Override
        public void alone() {
            remarks.accept(
                    "On %s no worker has begun yet: there may be no room for as many, or the model is still being loaded."
                            .formatted(target.name()));
        }

        @Override
        public void lines(boolean anew, List<String> lines) {
            if (lines.isEmpty()) {
                return;
            }
            try {
                JsonNode last = Json.parse(lines.get(lines.size() - 1));
                int done = last.path("rows").asInt();
                int of = Math.max(1, last.path("of").asInt());
                progress.report((double) done / of, "%d of %d rows of the first worker".formatted(done, of));
            } catch (JsonProcessingException e) {
                throw new UserException(
                        "The job on %s tells its progress in another way than this version of Layerwise knows."
                                .formatted(target.name()),
                        e);
            }
        }

        @Override
        public void broken(@Nullable String reason) {
            remarks.accept(
                    reason == null
                            ? "%s answers again.".formatted(target.name())
                            : "%s cannot be reached for now (%s); the job goes on there."
                                    .formatted(target.name(), reason));
        }
    }
}
