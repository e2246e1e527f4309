package org.layerwise.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.remote.ray.RayJobs;
import org.layerwise.remote.ray.RecordedRay;

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
        scheduler = new RayScheduler(new RayJobs(ray.address(), "lab"), storage, "python");
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
        assertThat(scheduler.submit(TICKET, 2, Progress.none())).isEqualTo(ID + ".2");

        assertThat(posted()).containsExactly(STOP, SUBMIT);
    }

    @Test
    void anEarlierAttemptThatIsOverIsNotEnded() throws IOException {
        state = "FAILED";
        scheduler.submit(TICKET, 2, Progress.none());
        ray.answer("GET /api/jobs/" + ID, 404, "Job %s does not exist".formatted(ID));
        scheduler.submit(TICKET, 2, Progress.none());

        assertThat(posted()).containsExactly(SUBMIT, SUBMIT);
    }
}
