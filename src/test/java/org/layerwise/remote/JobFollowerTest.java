package org.layerwise.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.remote.ray.RecordedRay;
import org.layerwise.remote.ssh.KnownHosts;
import org.layerwise.remote.ssh.SshSetup;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.PlainSsh;

/** A job from its submission to its results, on a Ray that answers as the real one did, and a shared folder. */
@Timeout(180)
class JobFollowerTest {

    private static final JobId ID = new JobId("lw-20260101-120000-0a1b2c3d");

    private static final WorkerCount TWO = new WorkerCount(2, true);

    private static final Duration PAUSE = Duration.ofMillis(20);

    @TempDir
    Path folder;

    private final List<String> heard = new ArrayList<>();
    private final AtomicReference<String> state = new AtomicReference<>("PENDING");
    private final AtomicInteger opened = new AtomicInteger();
    private RecordedRay ray;
    private Cluster.Ray target;
    private Path storage;

    @BeforeEach
    void start() throws IOException {
        storage = folder.resolve("storage");
        ray = new RecordedRay();
        ray.otherwise(request -> {
            if (request.matches("GET /api/jobs/[^/]+")) {
                return "{\"status\": \"%s\", \"message\": \"It is %s.\"}".formatted(state.get(), state.get());
            }
            return request.endsWith("/logs") ? "{\"logs\": \"printed\\n\"}" : "{}";
        });
        target = target(ray.address());
    }

    @AfterEach
    void stop() {
        ray.close();
    }

    private Cluster.Ray target(URI address) {
        return new Cluster.Ray(
                "lab", address, new StorageFolder("/mnt/lab", Optional.of(storage)), Optional.empty(), "python");
    }

    private RemoteJobs jobs() throws IOException {
        opened.incrementAndGet();
        SshSetup setup = new SshSetup(
                folder.resolve("ssh"),
                Optional.empty(),
                new KnownHosts(List.of(), folder.resolve("known_hosts")),
                PlainSsh.unanswered(),
                Duration.ofSeconds(1));
        return RemoteJobs.open(target, setup, Progress.none());
    }

    private JobTicket submit() throws IOException {
        Path job = Files.createDirectories(folder.resolve("job/adapter-initial"));
        Files.writeString(job.resolve("adapter.bin"), "adapter");
        Files.writeString(folder.resolve("job/plan.json"), "{}");
        try (RemoteJobs jobs = jobs()) {
            return jobs.submit(new JobTicket("lab", ID, "", TWO), folder.resolve("job"), Progress.none());
        }
    }

    private JobFollower follower(JobTicket ticket) {
        return new JobFollower(
                progress -> jobs(),
                ticket,
                folder.resolve("run/metrics.jsonl"),
                () -> false,
                PAUSE,
                new JobListener() {
                    @Override
                    public void noted(String remark) {
                        add(remark);
                    }

                    @Override
                    public void state(String place, JobState now) {
                        add(now.phase() + ": " + now.words());
                    }

                    @Override
                    public void workers(String place, JobWorkers workers) {
                        add(workers.words() + " after step " + workers.afterStep());
                    }

                    @Override
                    public void broken(String place, String reason) {
                        add("broken");
                    }

                    @Override
                    public void onRecovered(String place) {
                        add("mended");
                    }
                },
                (anew, lines) -> add((anew ? "all " : "more ") + lines));
    }

    private void add(String what) {
        synchronized (heard) {
            heard.add(what);
        }
    }

    private List<String> heard() {
        synchronized (heard) {
            return List.copyOf(heard);
        }
    }

    private void print(String lines) throws IOException {
        Path run = Files.createDirectories(storage.resolve("jobs/lw-20260101-120000-0a1b2c3d/run"));
        Files.writeString(run.resolve("metrics.jsonl"), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void until(String what) throws InterruptedException {
        for (int i = 0; i < 3000 && !heard().contains(what); i++) {
            Thread.sleep(10);
        }
        assertThat(heard()).contains(what);
    }

    @Test
    void aJobIsSentWithAllItsFiles() throws IOException {
        JobTicket ticket = submit();

        assertThat(ticket).isEqualTo(new JobTicket("lab", ID, "lw-20260101-120000-0a1b2c3d", TWO));
        assertThat(storage.resolve("jobs/lw-20260101-120000-0a1b2c3d/plan.json"))
                .hasContent("{}");
        assertThat(storage.resolve("jobs/lw-20260101-120000-0a1b2c3d/adapter-initial/adapter.bin"))
                .hasContent("adapter");
        assertThat(ray.bodies())
                .anyMatch(
                        body -> body.contains(
                                "python -u -m layerwise_job.ray_train /mnt/lab/jobs/lw-20260101-120000-0a1b2c3d /mnt/lab/jobs/lw-20260101-120000-0a1b2c3d/run --workers 2 --gpu"));
        ticket.write(folder);
        assertThat(JobTicket.read(folder)).isEqualTo(ticket);
    }

    @Test
    void aJobThatIsNotTakenLeavesNothing() {
        ray.answer("POST /api/jobs/", 500, "ValueError: no room");
        ray.answer("GET /api/jobs/" + ID, 404, "Job %s does not exist".formatted(ID));

        assertThatThrownBy(this::submit).isInstanceOf(UserException.class).hasMessageContaining("no room");
        assertThat(storage.resolve("jobs/lw-20260101-120000-0a1b2c3d")).doesNotExist();
    }

    @Test
    void itsStateAndItsLinesAreHeardInOrder() throws Exception {
        JobTicket ticket = submit();
        CompletableFuture<JobState> end =
                CompletableFuture.supplyAsync(() -> follower(ticket).follow(Progress.none()));
        until("WAITING: It is PENDING.");
        state.set("RUNNING");
        until("RUNNING: It is RUNNING.");
        print("{\"step\": 1}\n");
        until("all [{\"step\": 1}]");
        print("{\"step\": 2}\n{\"step\": 3}\n");
        until("more [{\"step\": 2}, {\"step\": 3}]");
        print("{\"step\": 4}\n");
        state.set("SUCCEEDED");

        assertThat(end.get(60, TimeUnit.SECONDS).phase()).isEqualTo(JobState.Phase.DONE);
        assertThat(heard()).contains("more [{\"step\": 4}]", "DONE: It is SUCCEEDED.");
        assertThat(Files.readAllLines(folder.resolve("run/metrics.jsonl"))).hasSize(4);
    }

    @Test
    void whoWorksIsHeardAndOnceMoreWhenSomeWereLost() throws Exception {
        JobTicket ticket = submit();
        state.set("RUNNING");
        write("{\"version\": 1, \"after_step\": 0, \"workers\": [{\"host\": \"a\", \"device\": \"CPU\"},"
                + " {\"host\": \"a\", \"device\": \"CPU\"}, {\"host\": \"b\", \"device\": \"NVIDIA H100\"}]}");
        CompletableFuture<JobState> end =
                CompletableFuture.supplyAsync(() -> follower(ticket).follow(Progress.none()));
        until("3 workers: a (2 × CPU), b (NVIDIA H100) after step 0");
        write("{\"version\": 1, \"after_step\": 40, \"workers\": [{\"host\": \"c\", \"device\": \"CPU\"}]}");
        until("1 worker: c (CPU) after step 40");
        state.set("SUCCEEDED");

        assertThat(end.get(60, TimeUnit.SECONDS).phase()).isEqualTo(JobState.Phase.DONE);
    }

    private void write(String workers) throws IOException {
        Path run = Files.createDirectories(storage.resolve("jobs/lw-20260101-120000-0a1b2c3d/run"));
        Files.writeString(run.resolve("beside"), workers);
        Files.move(run.resolve("beside"), run.resolve("workers.json"), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void aWayThatBreaksIsTriedAgainAndNoLineIsLostOrDoubled() throws Exception {
        JobTicket ticket = submit();
        state.set("RUNNING");
        print("1\n2\n");
        CompletableFuture<JobState> end =
                CompletableFuture.supplyAsync(() -> follower(ticket).follow(Progress.none()));
        until("all [1, 2]");
        target = target(URI.create("http://127.0.0.1:1"));
        ray.answer("GET /api/jobs/lw-20260101-120000-0a1b2c3d", 502, "Bad Gateway");
        until("broken");
        print("3\n");
        ray.answer(
                "GET /api/jobs/lw-20260101-120000-0a1b2c3d", 200, "{\"status\": \"SUCCEEDED\", \"message\": \"done\"}");
        target = target(ray.address());

        assertThat(end.get(60, TimeUnit.SECONDS).phase()).isEqualTo(JobState.Phase.DONE);
        assertThat(heard()).contains("mended", "more [3]");
        assertThat(folder.resolve("run/metrics.jsonl")).hasContent("1\n2\n3\n");
        assertThat(opened.get()).isGreaterThan(2);
    }

    @Test
    void twoMayFollowTheSameJob() throws Exception {
        JobTicket ticket = submit();
        state.set("RUNNING");
        print("1\n");
        CompletableFuture<JobState> one =
                CompletableFuture.supplyAsync(() -> follower(ticket).follow(Progress.none()));
        CompletableFuture<JobState> other = CompletableFuture.supplyAsync(() -> new JobFollower(
                        progress -> jobs(),
                        ticket,
                        folder.resolve("other/metrics.jsonl"),
                        () -> false,
                        PAUSE,
                        remark -> {},
                        (anew, lines) -> {})
                .follow(Progress.none()));
        until("all [1]");
        print("2\n");
        state.set("STOPPED");

        assertThat(one.get(60, TimeUnit.SECONDS).phase()).isEqualTo(JobState.Phase.STOPPED);
        assertThat(other.get(60, TimeUnit.SECONDS).phase()).isEqualTo(JobState.Phase.STOPPED);
        assertThat(folder.resolve("run/metrics.jsonl")).hasContent("1\n2\n");
        assertThat(folder.resolve("other/metrics.jsonl")).hasContent("1\n2\n");
    }

    @Test
    void aHeadThatWasStartedAnewKnowsNothing() throws Exception {
        JobTicket ticket = submit();
        ray.answer("GET /api/jobs/lw-20260101-120000-0a1b2c3d", 404, "Job lw-20260101-120000-0a1b2c3d does not exist");

        JobState end = follower(ticket).follow(Progress.none());
        assertThat(end.phase()).isEqualTo(JobState.Phase.LOST);
        assertThat(end.phase().resumable()).isTrue();
        try (RemoteJobs jobs = jobs()) {
            assertThat(jobs.resubmit(ticket, 2, Progress.none()))
                    .isEqualTo(new JobTicket("lab", ID, "lw-20260101-120000-0a1b2c3d.2", TWO));
        }
    }

    @Test
    void anUnknownStateOrAPageToLogInIsNoEnd() throws Exception {
        JobTicket ticket = submit();
        state.set("RUNNING");
        CompletableFuture<JobState> end =
                CompletableFuture.supplyAsync(() -> follower(ticket).follow(Progress.none()));
        until("RUNNING: It is RUNNING.");
        state.set("DREAMING");
        until("RUNNING: a state that Layerwise does not know; it waits for the job's end. It is DREAMING.");
        ray.answer("GET /api/jobs/" + ID, 200, "<html>Please log in</html>");
        until("broken");
        state.set("SUCCEEDED");
        ray.answer("GET /api/jobs/" + ID, 200, "{\"status\": \"SUCCEEDED\"}");

        assertThat(end.get(60, TimeUnit.SECONDS).phase()).isEqualTo(JobState.Phase.DONE);
    }

    @Test
    void aFirstConnectionThatFailsIsTold() throws Exception {
        JobTicket ticket = submit();
        target = target(URI.create("http://127.0.0.1:1"));

        assertThatThrownBy(() -> follower(ticket).follow(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("remote check lab");
    }

    @Test
    void followingIsCancelledAndTheJobGoesOn() throws Exception {
        JobTicket ticket = submit();
        state.set("RUNNING");
        AtomicBoolean cancelled = new AtomicBoolean();
        CompletableFuture<JobState> end =
                CompletableFuture.supplyAsync(() -> follower(ticket).follow(CancelledProgress.when(cancelled::get)));
        until("RUNNING: It is RUNNING.");
        cancelled.set(true);

        assertThat(end)
                .failsWithin(5, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(CancelledException.class);
        assertThat(ray.requests()).noneMatch(request -> request.endsWith("/stop"));
    }

    @Test
    void stoppingLeavesTheJobAFile() throws Exception {
        JobTicket ticket = submit();
        state.set("RUNNING");
        write("{\"version\": 1, \"after_step\": 0, \"workers\": [{\"host\": \"a\", \"device\": \"CPU\"}]}");
        try (RemoteJobs jobs = jobs()) {
            jobs.stop(ticket, Progress.none());
        }
        assertThat(storage.resolve("jobs/lw-20260101-120000-0a1b2c3d/stop")).exists();
        assertThat(ray.requests()).noneMatch(request -> request.endsWith("/stop"));

        state.set("PENDING");
        try (RemoteJobs jobs = jobs()) {
            jobs.stop(ticket, Progress.none());
        }
        assertThat(ray.requests()).as("what waits is ended").anyMatch(request -> request.endsWith("/stop"));
    }

    @Test
    void aJobWhoseWorkersHaveNoRoomIsEnded() throws Exception {
        JobTicket ticket = submit();
        state.set("RUNNING");
        try (RemoteJobs jobs = jobs()) {
            jobs.stop(ticket, Progress.none());
        }
        assertThat(ray.requests()).anyMatch(request -> request.endsWith("/stop"));
    }

    @Test
    void resultsAreFetchedAndChecked() throws Exception {
        JobTicket ticket = submit();
        Path run = Files.createDirectories(storage.resolve("jobs/lw-20260101-120000-0a1b2c3d/run/adapter"));
        Files.writeString(run.resolve("adapter_model.safetensors"), "weights");
        Map<String, String> files =
                Map.of("adapter/adapter_model.safetensors", sha256("weights"), "cluster-checkpoint/state.pt", "00");
        results(files);
        try (RemoteJobs jobs = jobs()) {
            assertThat(jobs.fetch(ticket, folder.resolve("run"), JobOutput.TRAINING, Progress.none()))
                    .containsExactly("adapter/adapter_model.safetensors");
            assertThat(folder.resolve("run/adapter/adapter_model.safetensors")).hasContent("weights");

            Files.writeString(run.resolve("adapter_model.safetensors"), "wei");
            assertThatThrownBy(() -> jobs.fetch(ticket, folder.resolve("again"), JobOutput.TRAINING, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("SHA-256");
            assertThat(folder.resolve("again/adapter/adapter_model.safetensors"))
                    .doesNotExist();

            results(Map.of("../outside", sha256("weights")));
            assertThatThrownBy(() -> jobs.fetch(ticket, folder.resolve("again"), JobOutput.TRAINING, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("outside of its folder");

            for (Map<String, String> none : List.of(Map.<String, String>of(), Map.of("notes.txt", sha256("weights")))) {
                results(none);
                assertThatThrownBy(
                                () -> jobs.fetch(ticket, folder.resolve("again"), JobOutput.TRAINING, Progress.none()))
                        .isInstanceOf(BrokenResultsException.class)
                        .hasMessageContaining("list no file that a job of this kind writes");
            }

            Files.delete(storage.resolve("jobs/lw-20260101-120000-0a1b2c3d/run/results.json"));
            assertThatThrownBy(() -> jobs.fetch(ticket, folder.resolve("again"), JobOutput.TRAINING, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("has left no results");
            assertThat(jobs.log(ticket, Progress.none())).isEqualTo("printed\n");
        }
    }

    private void results(Map<String, String> files) throws IOException {
        StringBuilder json = new StringBuilder();
        files.forEach((name, hash) -> json.append(json.isEmpty() ? "" : ", ")
                .append("\"%s\": {\"sha256\": \"%s\", \"bytes\": 7}".formatted(name, hash)));
        Files.writeString(
                storage.resolve("jobs/lw-20260101-120000-0a1b2c3d/run/results.json"),
                "{\"version\": 1, \"files\": {%s}}".formatted(json));
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void idsDifferAndSayWhen() {
        assertThat(JobId.next(Clock.systemUTC())).isNotEqualTo(JobId.next(Clock.systemUTC()));
    }
}
