package org.layerwise.remote.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.ResponseLimit;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.testing.CancelledProgress;

/** Against the answers that Ray 2.60.0 gave. */
@Timeout(30)
class RayJobsTest {

    private static final String PACKAGE = "/api/packages/gcs/_ray_pkg_00ff.zip";

    @TempDir
    Path folder;

    private RecordedRay ray;
    private RayJobs jobs;

    @BeforeEach
    void start() throws IOException {
        ray = new RecordedRay();
        jobs = new RayJobs(ray.address(), "lab");
    }

    @AfterEach
    void stop() {
        ray.close();
    }

    @Test
    void saysItsVersion() throws IOException {
        assertThat(jobs.version(Progress.none())).isEqualTo(new RayVersion(4, "2.60.0"));
    }

    @Test
    void anOlderJobsApiIsRefusedByItsVersion() {
        ray.answer("GET /api/version", 200, "{\"version\": \"3\", \"ray_version\": \"1.13.0\", \"ray_commit\": \"x\"}");

        assertThatThrownBy(() -> jobs.version(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("lab runs Ray 1.13.0", "has version 3", "version 4 is needed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\" \"", "true", "[\"2.60.0\"]", "\"2.60.0\\u001b[2J\"", "\"2.60.0\\nwrong\""})
    void aVersionThatIsNoneIsNoDashboard(String version) {
        ray.answer("GET /api/version", 200, "{\"version\": \"4\", \"ray_version\": %s}".formatted(version));

        assertThatThrownBy(() -> jobs.version(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no Ray dashboard");
    }

    @Test
    void anythingElseThatAnswersIsNoDashboard() {
        ray.answer("GET /api/version", 200, "<html>Welcome</html>");
        assertThatThrownBy(() -> jobs.version(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(ray.address().toString(), "no Ray dashboard");

        ray.answer("GET /api/version", 404, "");
        assertThatThrownBy(() -> jobs.version(Progress.none())).hasMessageContaining("no Ray dashboard");
    }

    @Test
    void nodesHaveTheirResources() throws IOException {
        ray.answer(
                "GET /api/v0/nodes?detail=1",
                200,
                """
                {"result": true, "msg": "", "data": {"result": {"total": 2, "num_after_truncation": 2, "num_filtered": 2, "result": [
                {"node_id": "12a2", "node_ip": "192.0.2.2", "is_head_node": true, "state": "ALIVE", "state_message": null,
                 "node_name": "192.0.2.2", "resources_total": {"object_store_memory": 6979832217.0, "CPU": 2.0,
                 "memory": 16286275175.0, "node:__internal_head__": 1.0, "node:192.0.2.2": 1.0}, "labels": {},
                 "start_time_ms": 1795681160278, "end_time_ms": 0},
                {"node_id": "34b3", "node_ip": "192.0.2.3", "is_head_node": false, "state": "DEAD", "state_message": "x",
                 "node_name": "192.0.2.3", "resources_total": {"CPU": 8.0, "GPU": 4.0, "memory": 1000.0}}]},
                 "partial_failure_warning": "", "warnings": null}}
                """);

        assertThat(jobs.nodes(Progress.none())).containsExactly(new RayNode(true, 2, 0), new RayNode(false, 8, 4));
    }

    @Test
    void filesAreBroughtOnce() throws IOException {
        Path zip = Files.writeString(folder.resolve("job.zip"), "PK content");
        ray.answer("GET " + PACKAGE, 404, "Package gcs://_ray_pkg_00ff.zip does not exist");
        ray.answer("PUT " + PACKAGE, 200, "");

        assertThat(jobs.upload(zip, "00ff", Progress.none())).isEqualTo("gcs://_ray_pkg_00ff.zip");
        assertThat(ray.bodies()).last().isEqualTo("PK content");

        ray.answer("GET " + PACKAGE, 200, "");
        jobs.upload(zip, "00ff", Progress.none());
        assertThat(ray.requests()).containsExactly("GET " + PACKAGE, "PUT " + PACKAGE, "GET " + PACKAGE);
    }

    @Test
    void aJobIsStartedWithItsFilesAndVariables() throws Exception {
        ray.answer("POST /api/jobs/", 200, "{\"job_id\": \"lw-1\", \"submission_id\": \"lw-1\"}");

        jobs.submit("lw-1", "python -u main.py", "gcs://_ray_pkg_00ff.zip", Progress.none());

        assertThat(Json.parse(ray.bodies().get(0)))
                .isEqualTo(
                        Json.parse(
                                """
                                {"entrypoint": "python -u main.py", "submission_id": "lw-1",
                                 "runtime_env": {"working_dir": "gcs://_ray_pkg_00ff.zip", "env_vars": {}}}
                                """));
    }

    @Test
    void aRefusalIsToldInRaysLastWords() {
        ray.answer(
                "POST /api/jobs/",
                500,
                """
                Traceback (most recent call last):
                  File "job_manager.py", line 553, in submit_job
                    raise ValueError(
                ValueError: Job with submission_id lw-1 already exists. Please use a different submission_id.
                .
                """);

        assertThatThrownBy(() -> jobs.submit("lw-1", "true", "gcs://x", Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage("The Ray cluster lab did not start the job (HTTP 500):"
                        + " Job with submission_id lw-1 already exists. Please use a different submission_id.");
    }

    /** As of a proxy that sends http to https: such a redirect makes a POST a GET, which lists the jobs. */
    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303})
    void aJobThatARedirectLosesIsNotStarted(int status) throws IOException {
        try (RecordedRay moved = new RecordedRay()) {
            moved.answer("GET /ray/api/jobs/", 200, "[]");
            moved.answer("GET /ray/api/jobs/lw-1/stop", 200, "[]");
            ray.redirect("POST /api/jobs/", status, moved.address() + "/ray/api/jobs/");
            ray.redirect("POST /api/jobs/lw-1/stop", status, moved.address() + "/ray/api/jobs/lw-1/stop");

            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> jobs.submit("lw-1", "true", "gcs://x", Progress.none()),
                    () -> jobs.stop("lw-1", Progress.none()))) {
                assertThatThrownBy(call)
                        .isInstanceOf(UserException.class)
                        .hasMessage(
                                "%s sends requests on to %s/ray, where they lose their content; register that address for lab instead.",
                                ray.address(), moved.address());
            }
        }
    }

    @Test
    void aRedirectToAnotherPageIsToldWithThatPage() throws IOException {
        try (RecordedRay moved = new RecordedRay()) {
            moved.answer("GET /login?to=jobs", 200, "<html>Please log in</html>");
            ray.redirect("POST /api/jobs/", 302, moved.address() + "/login?to=jobs");

            assertThatThrownBy(() -> jobs.submit("lw-1", "true", "gcs://x", Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessage(
                            "%s sends requests on to %s/login?to=jobs, which is no Ray dashboard; check the way to the dashboard of lab.",
                            ray.address(), moved.address());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://[::bad/",
                "http:///api/version",
                "http://127.0.0.1:70000/api/version",
                "http://a host/",
                "https://",
                "file:///etc/hostname",
                "mailto:lab"
            })
    void aRedirectThatLeadsNowhereIsToldInWords(String location) {
        if (location.isEmpty()) {
            ray.answer("GET /api/version", 302, "");
        } else {
            ray.redirect("GET /api/version", 302, location);
        }

        assertThatThrownBy(() -> jobs.version(Progress.none()))
                .isInstanceOf(IOException.class)
                .hasMessage("it redirects to no address that can be followed");
    }

    @Test
    void redirectsWithoutEndAreToldInWords() {
        ray.redirect("GET /api/version", 307, "/api/version");

        assertThatThrownBy(() -> jobs.version(Progress.none()))
                .isInstanceOf(IOException.class)
                .hasMessage("it redirects from one address to another without end");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectOfAQuestionIsFollowed(int status) throws IOException {
        ray.redirect("GET /api/version", status, "../there/version"); // from the address of the page
        ray.answer("GET /there/version", 200, "{\"version\": \"4\", \"ray_version\": \"2.60.0\"}");

        assertThat(jobs.version(Progress.none()).ray()).isEqualTo("2.60.0");
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308})
    void aRedirectThatKeepsTheRequestIsFollowed(int status) throws IOException {
        try (RecordedRay moved = new RecordedRay()) {
            moved.answer("POST /api/jobs/", 200, "{\"submission_id\": \"lw-1\"}");
            ray.redirect("POST /api/jobs/", status, moved.address() + "/api/jobs/");

            jobs.submit("lw-1", "true", "gcs://x", Progress.none());

            assertThat(moved.bodies()).singleElement().asString().contains("lw-1");
        }
    }

    @Test
    void aJobIsSeenInEachState() throws IOException {
        ray.answer("GET /api/jobs/lw-1", 200, job("PENDING", "Job has not started yet."));
        assertThat(jobs.job("lw-1", Progress.none()))
                .contains(new RayJob(RayJob.State.PENDING, "Job has not started yet."));
        ray.answer("GET /api/jobs/lw-1", 200, job("RUNNING", "Job is currently running."));
        assertThat(jobs.job("lw-1", Progress.none()).orElseThrow().state().over())
                .isFalse();
        for (String end : new String[] {"SUCCEEDED", "FAILED", "STOPPED"}) {
            ray.answer("GET /api/jobs/lw-1", 200, job(end, "x"));
            assertThat(jobs.job("lw-1", Progress.none()).orElseThrow().state())
                    .isEqualTo(RayJob.State.valueOf(end))
                    .matches(RayJob.State::over);
        }
        ray.answer("GET /api/jobs/lw-1", 200, job("DREAMING", "x"));
        assertThat(jobs.job("lw-1", Progress.none()).orElseThrow().state()).isEqualTo(RayJob.State.UNKNOWN);
        ray.answer("GET /api/jobs/lw-1", 404, "Job lw-1 does not exist");
        assertThat(jobs.job("lw-1", Progress.none())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html><body>404 Not Found: /api/jobs/lw-1 does not exist</body></html>",
                "404: Not Found",
                "Job lw-12 does not exist",
                ""
            })
    void aMissingPageThatIsNotOfRayTellsNothingOfTheJob(String page) {
        ray.answer("GET /api/jobs/lw-1", 404, page);
        ray.answer("POST /api/jobs/lw-1/stop", 404, page);

        assertThatThrownBy(() -> jobs.job("lw-1", Progress.none()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("HTTP 404");
        assertThatThrownBy(() -> jobs.stop("lw-1", Progress.none())).isInstanceOf(IOException.class);
    }

    @Test
    void logsAreReadWhole() throws IOException {
        ray.answer("GET /api/jobs/lw-1/logs", 200, "{\"logs\": \"hello\\nline 0\\n\"}");

        assertThat(jobs.logs("lw-1", Progress.none())).isEqualTo("hello\nline 0\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Please log in</html>", "", "{}", "[]", "{\"logs\": [1, 2]}", "{\"logs\": 5}"})
    void anAnswerWithoutALogIsRefused(String answer) {
        ray.answer("GET /api/jobs/lw-1/logs", 200, answer);

        assertThatThrownBy(() -> jobs.logs("lw-1", Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("tells nothing of the job lw-1");
    }

    @Test
    void aJobThatHasNotPrintedAnythingHasAnEmptyLog() throws IOException {
        ray.answer("GET /api/jobs/lw-1/logs", 200, "{\"logs\": null}");

        assertThat(jobs.logs("lw-1", Progress.none())).isEmpty();
    }

    @Test
    void stoppingWhatIsGoneIsNoMistake() throws IOException {
        ray.answer("POST /api/jobs/lw-1/stop", 200, "{\"stopped\": true}");
        jobs.stop("lw-1", Progress.none());
        ray.answer("POST /api/jobs/lw-1/stop", 404, "Job lw-1 does not exist");
        jobs.stop("lw-1", Progress.none());
        ray.answer("POST /api/jobs/lw-1/stop", 500, "boom");
        assertThatThrownBy(() -> jobs.stop("lw-1", Progress.none())).isInstanceOf(UserException.class);
    }

    @Test
    void noAnswerIsAnIoException() {
        ray.close();

        assertThatThrownBy(() -> jobs.version(Progress.none())).isInstanceOf(IOException.class);
    }

    @Test
    void waitingEndsWhenCancelled() {
        ray.answerLate("GET /api/version", 20_000, "{}");
        AtomicBoolean cancelled = new AtomicBoolean();
        new Thread(() -> {
                    try {
                        Thread.sleep(300);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    cancelled.set(true);
                })
                .start();
        long start = System.nanoTime();

        assertThatThrownBy(() -> jobs.version(CancelledProgress.when(cancelled::get)))
                .isInstanceOf(CancelledException.class);
        assertThat((System.nanoTime() - start) / 1e9).as("seconds").isLessThan(10);
    }

    private static String job(String status, String message) {
        return "{\"type\": \"SUBMISSION\", \"job_id\": null, \"submission_id\": \"lw-1\", \"status\": \"%s\", \"message\": \"%s\"}"
                .formatted(status, message);
    }

    @Test
    void anAnswerWithoutAnEndIsCutOff() {
        ray.answer("GET /api/jobs/lw-1/logs", 200, "{\"logs\": \"" + "x".repeat(ResponseLimit.MOST_BYTES) + "\"}");

        assertThatThrownBy(() -> jobs.logs("lw-1", Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(
                        "The answer of the Ray cluster lab", "the most that Layerwise reads of an answer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>Please log in</html>",
                "",
                "{}",
                "{\"status\": null}",
                "{\"status\": 5}",
                "{\"status\": [\"FAILED\"]}",
                "{\"submission_id\": \"lw-2\", \"status\": \"FAILED\"}"
            })
    void anAnswerThatTellsNothingOfTheJobIsRefused(String answer) {
        ray.answer("GET /api/jobs/lw-1", 200, answer);

        assertThatThrownBy(() -> jobs.job("lw-1", Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("tells nothing of the job lw-1");
    }

    @Test
    void anAnswerThatIsNestedWithoutAnEndIsRefused() {
        ray.answer("GET /api/jobs/lw-1", 200, "[".repeat(1_000_000));

        assertThatThrownBy(() -> jobs.job("lw-1", Progress.none())).isInstanceOf(UserException.class);
    }
}
