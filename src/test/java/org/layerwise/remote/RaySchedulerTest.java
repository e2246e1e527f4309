package org.layerwise.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.remote.ray.RayJobs;
import org.layerwise.remote.ray.RecordedRay;
import org.layerwise.remote.ssh.SshSetup;
import org.layerwise.testing.PlainSsh;

/** Jobs of a Ray that is played. */
@Timeout(60)
class RaySchedulerTest {

    private static final String ID = "lw-20260101-120000-0a1b2c3d";
    private static final JobTicket TICKET = new JobTicket("lab", new JobId(ID), ID, new WorkerCount(1, false));
    private static final String STOP = "POST /api/jobs/" + ID + "/stop";
    private static final String SUBMIT = "POST /api/jobs/";

    @TempDir
    Path folder;

    private RecordedRay ray;
    private JobScheduler scheduler;
    private volatile String state = "RUNNING";

    @BeforeEach
    void start() throws IOException {
        ray = new RecordedRay();
        ray.otherwise(request -> {
            if (request.equals(STOP)) {
                state = "STOPPED";
            }
            return "{\"status\": \"%s\"}".formatted(state);
        });
        JobStorage storage = JobStorage.shared(new StorageFolder("/mnt/lab", Optional.of(folder)), folder);
        scheduler = new RayScheduler(new RayJobs(ray.address(), "lab"), storage, "python", Duration.ofMillis(1));
    }

    @AfterEach
    void stop() {
        ray.close();
    }

    private List<String> posted() {
        return ray.requests().stream()
                .filter(request -> request.startsWith("POST "))
                .toList();
    }

    /** As after a head that did not know the job for a moment: two attempts would write into one folder. */
    @Test
    void anEarlierAttemptThatStillRunsIsEndedFirst() throws IOException {
        scheduler.endEarlier(TICKET, Progress.none());
        assertThat(scheduler.submit(TICKET, 2, Progress.none())).isEqualTo(ID + ".2");

        assertThat(posted()).containsExactly(STOP, SUBMIT);
    }

    @Test
    void anEarlierAttemptThatDoesNotEndIsTold() {
        ray.answer(STOP, 200, "{}");

        assertThatThrownBy(() -> scheduler.endEarlier(TICKET, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("ray job stop " + ID);
        assertThat(posted()).containsExactly(STOP);
    }

    /** What it reads and writes must not be deleted under it. */
    @Test
    void nothingIsDeletedOfAnAttemptThatCannotBeEnded() throws IOException {
        List<Path> kept = new ArrayList<>();
        for (String file : List.of("stop", "run/results.json", "run/workers.json")) {
            Path path = folder.resolve(TICKET.folder()).resolve(file);
            Files.createDirectories(path.getParent());
            kept.add(Files.writeString(path, "{}"));
        }
        ray.answer(STOP, 500, "it cannot be stopped");
        ray.answer("GET /api/jobs/" + ID + ".2", 404, "Job %s.2 does not exist".formatted(ID));
        Cluster.Ray lab = new Cluster.Ray(
                "lab", ray.address(), new StorageFolder("/mnt/lab", Optional.of(folder)), Optional.empty(), "python");
        SshSetup setup = SshSetup.of(folder, Map.of(), folder.resolve("config"), PlainSsh.unanswered());
        try (RemoteJobs jobs = RemoteJobs.open(lab, setup, Progress.none())) {
            assertThatThrownBy(() -> jobs.resubmit(TICKET, 2, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("it cannot be stopped");
        }
        assertThat(kept).allMatch(Files::exists);
    }

    @Test
    void aJobWithoutANumberIsFoundByItsId() throws IOException {
        JobTicket unanswered = new JobTicket("lab", new JobId(ID), "", new WorkerCount(1, false));

        assertThat(scheduler.taken(unanswered, 1, Progress.none())).contains(ID);
        assertThat(scheduler.state(unanswered, Progress.none()).phase()).isEqualTo(JobState.Phase.RUNNING);
        scheduler.kill(unanswered, Progress.none());

        assertThat(posted()).containsExactly(STOP);
    }

    @Test
    void anEarlierAttemptThatIsOverIsNotEnded() throws IOException {
        state = "FAILED";
        scheduler.endEarlier(TICKET, Progress.none());
        ray.answer("GET /api/jobs/" + ID, 404, "Job %s does not exist".formatted(ID));
        scheduler.endEarlier(TICKET, Progress.none());

        assertThat(posted()).isEmpty();
    }
}
