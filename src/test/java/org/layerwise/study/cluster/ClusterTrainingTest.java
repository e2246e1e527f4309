package org.layerwise.study.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Folders;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.Yaml;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.JobState;
import org.layerwise.remote.JobTicket;
import org.layerwise.remote.StorageFolder;
import org.layerwise.remote.WorkerCount;
import org.layerwise.remote.ray.RecordedRay;
import org.layerwise.remote.ssh.SshSetup;
import org.layerwise.run.FileHash;
import org.layerwise.run.PeakMemorySource;
import org.layerwise.run.Run;
import org.layerwise.run.RunLock;
import org.layerwise.run.RunOverview;
import org.layerwise.run.RunState;
import org.layerwise.run.SummaryFile;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.Runs;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.PlainSsh;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/** The life of a run on a cluster. Ray is played, and what its job would do is done by the trainer here, into the shared folder. */
@Timeout(120)
class ClusterTrainingTest {

    @TempDir
    Path folder;

    private final List<Integer> steps = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private Workbench workbench;
    private OpenModel model;
    private RecordedRay ray;
    private Path storage;
    private Path out;
    private volatile String state = "SUCCEEDED";
    private boolean named;

    @BeforeEach
    void open() throws IOException {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        model = TinyStudy.open(workbench);
        storage = folder.resolve("storage");
        out = folder.resolve("run");
        ray = new RecordedRay();
        ray.otherwise(request -> request.matches("GET /api/jobs/[^/]+")
                ? "{\"status\": \"%s\", \"message\": \"It is so.\"}".formatted(state)
                : "{\"logs\": \"printed\"}");
    }

    @AfterEach
    void close() {
        ray.close();
        model.close();
    }

    private ClusterTraining cluster() {
        return cluster("lab", ray);
    }

    private ClusterTraining cluster(String name, RecordedRay head) {
        Cluster.Ray target = new Cluster.Ray(
                name, head.address(), new StorageFolder("/mnt/lab", Optional.of(storage)), Optional.empty(), "python");
        SshSetup setup = SshSetup.of(folder, Map.of(), folder.resolve("config"), PlainSsh.unanswered());
        return new ClusterTraining(workbench, target, setup, Duration.ofMillis(20));
    }

    private DataSettings data() {
        Path rows = TinyStudy.classes(folder);
        return DataSettings.of((named ? named(rows) : rows).toString()).withBatch(4);
    }

    /** The same rows with class names instead of numbers. */
    private static Path named(Path rows) {
        try {
            String names = Files.readString(rows).replaceAll("\"labels\":\\s*(\\d+)", "\"label\": \"class $1\"");
            return Files.writeString(rows.resolveSibling("named.jsonl"), names);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TrainingSettings settings() {
        return TrainingSettings.defaults()
                .withHeldOut(data().data(), null)
                .with(AdapterSettings.DEFAULTS.withLayers(new TreeSet<>(List.of(1, 3)), "by hand"))
                .with(RunSettings.REPORT_TO, RunSettings.Report.TENSORBOARD);
    }

    private void begin() {
        begin(StartMode.RETRY);
    }

    private void begin(StartMode start) {
        begin(cluster(), settings(), start);
    }

    private void begin(ClusterTraining cluster, TrainingSettings settings, StartMode start) {
        cluster.begin(
                model, data(), settings, out, RemoteOptions.by(new WorkerCount(1, false)), start, Progress.none());
    }

    private Optional<TrainingSummary> follow() {
        return follow(Progress.none());
    }

    private Optional<TrainingSummary> follow(Progress progress) {
        return cluster().follow(out, progress, new ClusterListener() {
            @Override
            public void step(StepRecord step) {
                steps.add(step.step());
            }

            @Override
            public void evaluated(int step, Evaluation evaluation) {
                assertThat(evaluation.metrics()).containsKey("accuracy");
            }

            @Override
            public void noted(String remark) {
                remarks.add(remark);
            }
        });
    }

    private String methods = "";

    /** What the program would leave: the files of a run, an ending and the list of all with their hashes. */
    private TrainingSummary work(boolean finished) throws IOException {
        return work(only(storage.resolve("jobs")), finished);
    }

    private TrainingSummary work(Path job, boolean finished) throws IOException {
        Path run = job.resolve("run");
        TrainingSummary summary = new TrainingJob(workbench, model, data(), settings(), run)
                .run(Progress.none(), TrainingListener.none());
        methods = Files.readString(run.resolve("methods.txt"));
        Folders.delete(run.resolve("tensorboard"));
        for (String own : new String[] {"run.json", "summary.json", "config.yaml", "methods.txt"}) {
            Files.deleteIfExists(run.resolve(own));
        }
        Json.write(
                run.resolve("ending.json"),
                Json.object()
                        .put("finished", finished)
                        .set("versions", Json.object().put("torch", "2.7.1")));
        ObjectNode results = Json.object();
        ObjectNode files = results.putObject("files");
        try (Stream<Path> all = Files.walk(run)) {
            all.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("lock"))
                    .forEach(file -> {
                        try {
                            files.putObject(run.relativize(file).toString())
                                    .put("sha256", FileHash.sha256(file))
                                    .put("bytes", Files.size(file));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
        Json.write(run.resolve("results.json"), results);
        return summary;
    }

    private static Path only(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.reduce((first, second) -> {
                        throw new AssertionError("more than one job");
                    })
                    .orElseThrow();
        }
    }

    @Test
    void aRunIsSentFollowedAndFetched() throws IOException {
        begin();
        assertThat(Run.isRemote(out)).isTrue();
        assertThat(Run.open(out).state()).isEqualTo(RunState.RUNNING);
        assertThat(only(storage.resolve("jobs")).resolve("rows.safetensors")).isNotEmptyFile();
        TrainingSummary there = work(true);

        TrainingSummary here = follow().orElseThrow();

        assertThat(steps).containsExactly(1, 2, 3, 4);
        assertThat(here.steps()).isEqualTo(there.steps());
        assertThat(here.trainableParameters()).isEqualTo(there.trainableParameters());
        assertThat(here.totalParameters()).isEqualTo(there.totalParameters());
        assertThat(Files.readString(out.resolve("summary.json")))
                .contains("\"remote\" : \"lab\"", "\"torch\" : \"2.7.1\"", "\"layerwise\" : ");
        assertThat(Files.readString(out.resolve("methods.txt")).replaceAll("It was planned[^\n]*", ""))
                .as("the same but for what computed it")
                .isEqualTo(methods.replaceAll("All was computed[^\n]*", ""));
        assertThat(out.resolve("tensorboard")).as("as was asked for").isNotEmptyDirectory();
        assertThat(here.before()).isEqualTo(there.before());
        assertThat(here.after()).isEqualTo(there.after());
        assertThat(here.finalLoss()).isEqualTo(there.finalLoss());
        assertThat(out.resolve("adapter/adapter_model.safetensors"))
                .hasSameBinaryContentAs(only(storage.resolve("jobs")).resolve("run/adapter/adapter_model.safetensors"));
        assertThat(out.resolve("adapter/README.md"))
                .content()
                .contains("library_name: peft", "- torch: 2.7.1", "num_labels=", "1,3. They were chosen by hand.")
                .doesNotContain(folder.toString());
        assertThat(Run.open(out).state()).isEqualTo(RunState.FINISHED);
        assertThat(SummaryFile.read(out.resolve("summary.json")).steps()).isEqualTo(4);
        assertThat(remarks).contains("lab: It is so.");
    }

    @Test
    void theMemoryOfAJobIsNamedForWhatItIs() throws IOException {
        begin();
        assertThat(PeakMemorySource.of(Run.open(out))).as("not told yet").isEqualTo(PeakMemorySource.JOB);
        work(true);
        follow().orElseThrow();
        Path summary = out.resolve("summary.json");
        ObjectNode told = (ObjectNode) Json.read(summary);
        for (Map.Entry<String, PeakMemorySource> device : Map.of(
                        "cpu", PeakMemorySource.WORKER, "NVIDIA A100-SXM4-40GB", PeakMemorySource.CARD)
                .entrySet()) {
            ((ObjectNode) told.path("versions")).put("device", device.getKey());
            Json.write(summary, told);
            assertThat(RunOverview.of(Run.open(out), Progress.none()).memoryOf())
                    .isEqualTo(device.getValue());
        }
        Path here = folder.resolve("here");
        new TrainingJob(workbench, model, data(), settings(), here).run(Progress.none(), TrainingListener.none());
        assertThat(RunOverview.of(Run.open(here), Progress.none()).memoryOf()).isEqualTo(PeakMemorySource.PROCESS);
    }

    @Test
    void namesOfClassesAreBesideTheAdapter() throws IOException {
        named = true;
        begin();
        work(true);
        follow().orElseThrow();
        assertThat(Json.read(out.resolve("adapter/labels.json")))
                .isEqualTo(Json.read(out.resolve("plan.json")).path("class_names"))
                .isNotEmpty();
    }

    /** As of two commands of which the slower one had looked before the other's job was there. */
    @Test
    void aJobThatGoesOnKeepsItsTicket() throws IOException {
        begin();
        String ticket = Files.readString(out.resolve("remote.json"));

        assertThatThrownBy(this::begin)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is on lab and was not fetched");

        assertThat(out.resolve("remote.json")).hasContent(ticket);
        assertThat(storage.resolve("jobs"))
                .as("nothing else was sent")
                .isDirectoryContaining(job -> ticket.contains(job.getFileName().toString()));
        assertThat(only(storage.resolve("jobs"))).exists();
    }

    @Test
    void theFlagsOfARunNameItsFolderHereSoThatTheyStartItAgain() {
        begin();
        assertThat(Yaml.read(out.resolve("config.yaml")).path("out").asText())
                .isEqualTo(out.toAbsolutePath().normalize().toString());
    }

    @Test
    void nothingOfARunThatIsReplacedIsTakenForTheNewOne() throws IOException {
        Files.createDirectories(out.resolve("adapter"));
        Files.writeString(out.resolve("run.json"), "{\"state\": \"finished\"}");
        Files.writeString(out.resolve("metrics.jsonl"), "{\"step\": 1}\n");
        Files.writeString(out.resolve("remote.json"), "{}");
        Cluster.Ray closed = new Cluster.Ray(
                "lab",
                URI.create("http://127.0.0.1:1"),
                new StorageFolder("/mnt/lab", Optional.of(storage)),
                Optional.empty(),
                "python");
        SshSetup setup = SshSetup.of(folder, Map.of(), folder.resolve("config"), PlainSsh.unanswered());
        ClusterTraining unreachable = new ClusterTraining(workbench, closed, setup, Duration.ofMillis(20));
        assertThatThrownBy(() -> begin(unreachable, settings(), StartMode.OVERWRITE))
                .isInstanceOf(UserException.class);
        assertThat(out.resolve("run.json")).as("nothing was replaced").content().contains("finished");
        begin(StartMode.OVERWRITE);
        assertThat(out.resolve("metrics.jsonl")).doesNotExist();
        assertThat(out.resolve("adapter")).doesNotExist();
        assertThat(Run.open(out).place()).contains("lab");
    }

    @Test
    void aRunThatWasStoppedIsCancelledAndHasItsAdapter() throws IOException {
        begin();
        work(false);

        assertThat(follow().orElseThrow().cancelled()).isTrue();
        assertThat(Run.open(out).state()).isEqualTo(RunState.CANCELLED);
        assertThat(out.resolve("adapter/adapter_config.json")).exists();
    }

    @Test
    void whatLiesThereIsDeletedWhenTheRunHasEndedAndItCannotGoOnThen() throws IOException {
        begin();
        state = "RUNNING";
        assertThatThrownBy(() -> cluster().delete(out, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("goes on on lab; layerwise remote stop");
        work(false);
        state = "SUCCEEDED";
        assertThatThrownBy(() -> cluster().delete(out, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is still on lab; layerwise train --resume");
        follow();
        assertThat(storage.resolve("jobs")).isNotEmptyDirectory();
        cluster().delete(out, false, Progress.none());
        assertThat(storage.resolve("jobs")).isEmptyDirectory();
        assertThat(out.resolve("adapter/adapter_config.json")).exists();
        int asked = states();
        cluster().delete(out, false, Progress.none());
        assertThatThrownBy(() -> cluster().goOn(out, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("was deleted, so it cannot go on");
        assertThatThrownBy(() -> cluster().log(out, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageEndingWith("was deleted, and with it what it printed.");
        assertThat(states()).as("queries for the state of a deleted job").isEqualTo(asked);
        assertThat(Run.open(out).state().resumable()).isTrue();
        assertThat(Run.open(out).resumable()).isFalse();
        assertThat(RunOverview.of(Run.open(out), Progress.none()).resume()).isEmpty();
    }

    private int states() {
        return (int) ray.requests().stream()
                .filter(request -> request.matches("GET /api/jobs/[^/]+"))
                .count();
    }

    /** As of a computer that was asleep while another one fetched the run and deleted what lay there. */
    @Test
    void whoHearsLastOfTheEndDoesNotUndoWhatWasFetched() throws IOException {
        begin();
        work(true);
        TrainingSummary fetched = follow().orElseThrow();
        String metrics = Files.readString(out.resolve("metrics.jsonl"));
        cluster().delete(out, false, Progress.none());

        for (String told : List.of("SUCCEEDED", "FAILED")) {
            state = told;
            assertThat(follow().orElseThrow().after()).isEqualTo(fetched.after());
            assertThat(Run.open(out).state()).isEqualTo(RunState.FINISHED);
            assertThat(out.resolve("metrics.jsonl")).hasContent(metrics);
        }
    }

    /** It would read an adapter that the other one is just replacing. */
    @Test
    void whoFollowsWaitsWhileAnotherProgramFetches() throws IOException {
        begin();
        work(true);
        boolean[] waits = {false};
        Progress leaving = new Progress() {
            @Override
            public void report(double fraction, String message) {
                waits[0] |= message.contains("Another program is at this run");
            }

            @Override
            public boolean cancelled() {
                return waits[0];
            }
        };
        try (RunLock other = RunLock.take(out)) {
            assertThatThrownBy(() -> follow(leaving)).isInstanceOf(CancelledException.class);
        }
        assertThat(out.resolve("adapter")).doesNotExist();
        assertThat(follow()).isPresent();
    }

    @Test
    void whatIsDoneThereIsFetchedAgainAndNotComputedAgain() throws IOException {
        begin();
        TrainingSummary there = work(true);
        Path config = only(storage.resolve("jobs")).resolve("run/adapter/adapter_config.json");
        String whole = Files.readString(config);
        Files.writeString(config, whole.substring(1));
        assertThatThrownBy(this::follow).isInstanceOf(UserException.class).hasMessageContaining("adapter_config.json");
        assertThat(Run.open(out).state()).isEqualTo(RunState.FAILED);
        Files.writeString(config, whole);
        String ticket = Files.readString(out.resolve("remote.json"));

        cluster().goOn(out, Progress.none());

        assertThat(Run.open(out).state()).isEqualTo(RunState.RUNNING);
        assertThat(out.resolve("remote.json")).as("no other attempt").hasContent(ticket);
        assertThat(follow().orElseThrow().after()).isEqualTo(there.after());
        assertThat(Run.open(out).state()).isEqualTo(RunState.FINISHED);
    }

    /** Another cluster would not know its job, and take it for lost: two jobs would write into one folder of a storage that both see. */
    @Test
    void aRunGoesOnOnlyOnTheClusterThatItWasSentTo() throws IOException {
        begin();
        state = "RUNNING";
        String ticket = Files.readString(out.resolve("remote.json"));
        try (RecordedRay other = new RecordedRay()) {
            String job = only(storage.resolve("jobs")).getFileName().toString();
            other.answer("GET /api/jobs/" + job, 404, "Job %s does not exist".formatted(job));
            other.otherwise(request -> "{}");
            ClusterQueue queue =
                    new ClusterQueue(cluster("other", other), RemoteOptions.by(new WorkerCount(1, false)), model);
            queue.add(planned("run", settings()));
            List<Runs.Ended> ended = new ArrayList<>();

            queue.run(new PauseSwitch(), Progress.none(), new Runs.Listener() {
                @Override
                public TrainingListener begins(Runs.Planned run) {
                    return TrainingListener.none();
                }

                @Override
                public void ended(Runs.Ended run) {
                    ended.add(run);
                }
            });

            assertThat(ended.get(0).reason()).contains("was sent to lab, and other does not know its job; name lab");
            assertThat(other.requests()).as("handed in").doesNotContain("POST /api/jobs/");
            assertThat(out.resolve("remote.json")).hasContent(ticket);
            assertThat(Run.open(out).state()).isEqualTo(RunState.RUNNING);
        }
    }

    /** Of a job that was handed in again without an answer, what it has come to must not be deleted, nor another one be handed in. */
    @Test
    void aJobThatWasTakenWithoutAnAnswerIsFollowed() throws IOException {
        begin();
        state = "FAILED";
        assertThat(follow()).isEmpty();
        Path job = only(storage.resolve("jobs"));
        String second = job.getFileName() + ".2";
        ray.answer("GET /api/jobs/" + second, 404, "Job %s does not exist".formatted(second));
        ray.answer("POST /api/jobs/", 500, "TimeoutError: no answer");
        assertThatThrownBy(() -> cluster().goOn(out, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no answer");
        TrainingSummary there = work(true);
        ray.answer("GET /api/jobs/" + second, 200, "{\"status\": \"SUCCEEDED\"}");
        ray.answer("POST /api/jobs/", 500, "ValueError: Job with submission_id %s already exists".formatted(second));

        cluster().goOn(out, Progress.none());

        assertThat(Files.readString(out.resolve("remote.json"))).contains(second);
        assertThat(follow().orElseThrow().after()).isEqualTo(there.after());
        assertThat(Run.open(out).state()).isEqualTo(RunState.FINISHED);
    }

    /** As of a run whose adapter found no room on the disk here. */
    @Test
    void whatCouldNotBeFetchedIsDeletedOnlyIfThatIsSaid() throws IOException {
        begin();
        work(true);
        Files.writeString(only(storage.resolve("jobs")).resolve("run/adapter/README.md"), "cut");
        assertThatThrownBy(this::follow).isInstanceOf(UserException.class).hasMessageContaining("README.md");
        assertThat(Run.open(out).state()).isEqualTo(RunState.FAILED);

        assertThatThrownBy(() -> cluster().delete(out, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is still on lab; layerwise train --resume");

        assertThat(only(storage.resolve("jobs")).resolve("run/adapter/adapter_model.safetensors"))
                .exists();
        cluster().delete(out, true, Progress.none());
        assertThat(storage.resolve("jobs")).isEmptyDirectory();
    }

    /** As of a computer that was asleep while another one handed the run in again. */
    @ParameterizedTest
    @ValueSource(strings = {"FAILED", "STOPPED", "SUCCEEDED"})
    void whoHearsLateOfAnEarlierAttemptFollowsTheNextOne(String heard) throws IOException {
        begin();
        work(true);
        JobTicket first = JobTicket.read(out);
        JobTicket second = first.numbered(first.number() + ".2");
        boolean[] asked = {false};
        ray.otherwise(request -> {
            boolean next = request.endsWith(".2");
            asked[0] |= next;
            if (request.matches("GET /api/jobs/[^/]+") && !next) {
                second.write(out);
            }
            return request.matches("GET /api/jobs/[^/]+")
                    ? "{\"status\": \"%s\", \"message\": \"It is so.\"}".formatted(next ? "SUCCEEDED" : heard)
                    : "{\"logs\": \"printed\"}";
        });

        assertThat(follow()).isPresent();
        assertThat(Run.open(out).state()).isEqualTo(RunState.FINISHED);
        assertThat(JobTicket.read(out)).isEqualTo(second);
        assertThat(asked[0]).as("the next attempt is followed").isTrue();
    }

    @Test
    void whatPissaTookOutOfTheWeightsStaysHereForConvertAdapter() throws IOException {
        TrainingSettings pissa =
                settings().with(settings().adapter().with(LoraSettings.VARIANT, LoraVariant.of("pissa_niter_1")));
        begin(cluster(), pissa, StartMode.RETRY);
        Path job = only(storage.resolve("jobs"));
        assertThat(out.resolve("adapter-initial/adapter_model.safetensors"))
                .hasSameBinaryContentAs(job.resolve("adapter-initial/principal/adapter_model.safetensors"));
    }

    @Test
    void aJobThatBreaksIsAFailedRunWithAReason() {
        begin();
        state = "FAILED";

        assertThat(follow()).isEmpty();
        assertThat(Run.open(out).state()).isEqualTo(RunState.FAILED);
        assertThat(Run.open(out).reason()).isEqualTo("The job on lab has failed (It is so); see its log.");
        assertThat(cluster().log(out, Progress.none())).isEqualTo("printed");
    }

    @Test
    void aPlaceThatTakesNoJobLeavesAFailedRunAndNothingThere() throws IOException {
        ray.answer("POST /api/jobs/", 500, "ValueError: full");

        assertThatThrownBy(this::begin).isInstanceOf(UserException.class).hasMessageContaining("full");
        assertThat(Run.open(out).state()).isEqualTo(RunState.FAILED);
        try (Stream<Path> left = Files.list(storage.resolve("jobs"))) {
            assertThat(left).isEmpty();
        }
        assertThat(out.resolve("remote.json")).doesNotExist();
        TrainingJob here =
                new TrainingJob(workbench, model, data(), settings(), out, StartMode.RESUME, new PauseSwitch());
        assertThatThrownBy(() -> here.run(Progress.none(), TrainingListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageEndingWith(
                        "was for lab, which has not taken it, so there is nothing to resume; send it again (--on lab --overwrite).");
    }

    /** Answers what a running Ray would, and calls what is given when the job is handed in. */
    private void whenHandedIn(Runnable then) {
        ray.otherwise(request -> {
            if (request.equals("POST /api/jobs/")) {
                then.run();
            } else if (request.endsWith("/stop")) {
                state = "STOPPED";
            }
            return "{\"status\": \"%s\", \"message\": \"It is so.\"}".formatted(state);
        });
    }

    private long handedIn() {
        return ray.requests().stream().filter("POST /api/jobs/"::equals).count();
    }

    /** Goes on with the folder of a run as a program left it that was killed. */
    private void copyRun(Path killed) {
        try (Stream<Path> all = Files.walk(out)) {
            for (Path file : all.filter(path -> !path.endsWith("run.lock")).toList()) {
                Files.copy(file, killed.resolve(out.relativize(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aProgramThatIsKilledWhileItHandsInLeavesATicket() throws IOException {
        Path killed = folder.resolve("killed");
        whenHandedIn(() -> copyRun(killed));
        begin();
        assertThat(out.resolve("job-unsent")).doesNotExist();
        out = killed;
        assertThat(Run.isRemote(out)).isTrue();
        TrainingSummary there = work(true);
        state = "SUCCEEDED";

        cluster().goOn(out, Progress.none());

        assertThat(handedIn()).isEqualTo(1);
        assertThat(JobTicket.read(out).number())
                .isEqualTo(only(storage.resolve("jobs")).getFileName().toString());
        assertThat(out.resolve("job-unsent")).doesNotExist();
        assertThat(follow().orElseThrow().after()).isEqualTo(there.after());
    }

    /** As of a window, which follows at its start what it finds. */
    @Test
    void aJobThatWasTakenWithoutAnAnswerHasANumberOnceItIsFollowed() throws IOException {
        Path killed = folder.resolve("killed");
        whenHandedIn(() -> copyRun(killed));
        begin();
        out = killed;
        work(true);

        assertThat(follow()).isPresent();

        assertThat(JobTicket.read(out).isNumbered()).isTrue();
    }

    @Test
    void aRunThatWasNotSentCompletelyIsSentAgain() throws IOException {
        Path killed = folder.resolve("killed");
        whenHandedIn(() -> copyRun(killed));
        begin();
        Path job = only(storage.resolve("jobs"));
        Folders.delete(job);
        out = killed;
        String unknown = "GET /api/jobs/" + job.getFileName();
        ray.answer(unknown, 404, "Job %s does not exist".formatted(job.getFileName()));
        assertThat(follow()).isEmpty();
        assertThat(Run.open(out).reason()).startsWith("The program ended before the job was handed in; train --resume");
        Path program = Files.createDirectories(out.resolve("job-unsent/program"));
        Files.writeString(program.resolve("sitecustomize.py"), "of another person");

        cluster().goOn(out, Progress.none());

        assertThat(handedIn()).isEqualTo(2);
        assertThat(job.resolve("rows.safetensors")).isNotEmptyFile();
        assertThat(job.resolve("program/layerwise_job/train.py")).isNotEmptyFile();
        assertThat(job.resolve("program/sitecustomize.py")).doesNotExist();
        assertThat(Run.open(out).state()).isEqualTo(RunState.RUNNING);
        assertThat(JobTicket.read(out).number()).isEqualTo(job.getFileName().toString());
        assertThat(out.resolve("job-unsent")).doesNotExist();
    }

    @Test
    void aFileOfAnotherPersonIsNotSent() throws IOException {
        whenHandedIn(() -> copyRun(folder.resolve("killed")));
        begin();
        Path job = only(storage.resolve("jobs"));
        out = folder.resolve("killed");
        ray.answer("GET /api/jobs/" + job.getFileName(), 404, "Job %s does not exist".formatted(job.getFileName()));
        Path strange = Files.writeString(out.resolve("job-unsent/torch.py"), "of another person");

        assertThatThrownBy(() -> cluster().goOn(out, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage("%s is no file of a job that Layerwise writes, so the job is not sent; remove the file."
                        .formatted(strange));
        assertThat(handedIn()).isEqualTo(1);
    }

    @Test
    void aJobThatIsTakenWhileItIsCancelledIsEnded() throws IOException {
        state = "RUNNING";
        boolean[] cancelled = {false};
        whenHandedIn(() -> {
            cancelled[0] = true;
            pause();
        });

        assertThatThrownBy(() -> cluster()
                        .begin(
                                model,
                                data(),
                                settings(),
                                out,
                                RemoteOptions.by(new WorkerCount(1, false)),
                                StartMode.RETRY,
                                CancelledProgress.when(() -> cancelled[0])))
                .isInstanceOf(CancelledException.class);

        assertThat(ray.requests()).anyMatch(request -> request.matches("POST /api/jobs/.+/stop"));
        assertThat(storage.resolve("jobs")).isEmptyDirectory();
        assertThat(out.resolve("remote.json")).doesNotExist();
        assertThat(out.resolve("job-unsent")).doesNotExist();
        assertThat(Run.open(out).state()).isEqualTo(RunState.FAILED);
    }

    private static void pause() {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aJobThatMayHaveBeenTakenKeepsItsTicket() throws IOException {
        whenHandedIn(() -> ray.close());

        assertThatThrownBy(this::begin)
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("lab may have the job", "layerwise train --resume", "layerwise remote delete");

        assertThat(JobTicket.read(out).isNumbered()).isFalse();
        assertThat(Run.open(out).state()).isEqualTo(RunState.RUNNING);
        assertThat(storage.resolve("jobs")).isNotEmptyDirectory();
    }

    @Test
    void aJobThatWasTakenWithoutAnAnswerCanBeStoppedAndDeleted() throws IOException {
        Path killed = folder.resolve("killed");
        whenHandedIn(() -> copyRun(killed));
        begin();
        out = killed;
        state = "PENDING";
        assertThat(cluster().state(out, Progress.none()).phase()).isEqualTo(JobState.Phase.WAITING);

        cluster().stop(out, Progress.none());

        assertThat(state).isEqualTo("STOPPED");
        cluster().delete(out, false, Progress.none());
        assertThat(storage.resolve("jobs")).isEmptyDirectory();
        assertThat(out.resolve("job-unsent")).doesNotExist();
    }

    @Test
    void aPlaceThatDoesNotAnswerLeavesNothing() {
        ray.close();
        ray.answer("GET /api/version", 200, "{}");

        assertThatThrownBy(this::begin).isInstanceOf(UserException.class).hasMessageContaining("remote check lab");
        assertThat(out.resolve("remote.json")).doesNotExist();
    }

    /** Each job is done when it is asked for first. */
    private void workAtAll() {
        ray.otherwise(request -> {
            try (Stream<Path> jobs = Files.list(storage.resolve("jobs"))) {
                for (Path job : jobs.toList()) {
                    if (request.equals("GET /api/jobs/" + job.getFileName()) && !Files.exists(job.resolve("run"))) {
                        work(job, true);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return request.matches("GET /api/jobs/[^/]+")
                    ? "{\"status\": \"SUCCEEDED\", \"message\": \"Done.\"}"
                    : "{}";
        });
    }

    private Runs.Planned planned(String name, TrainingSettings settings) {
        return new Runs.Planned(folder.resolve(name), model.settings(), data(), settings);
    }

    @Test
    void severalRunsAreAllHandedInBeforeTheFirstIsFollowed() {
        workAtAll();
        ClusterQueue queue = new ClusterQueue(cluster(), RemoteOptions.by(new WorkerCount(1, false)), model);
        queue.add(planned("a", settings()));
        queue.add(planned("b", settings().withHeldOut(null, null).with(RunSettings.KEEP_BEST, true)));
        queue.add(planned("c", settings().withSeed(7)));
        List<String> course = new ArrayList<>();
        Runs.Listener listener = new Runs.Listener() {
            @Override
            public TrainingListener begins(Runs.Planned run) {
                course.add("begins " + run.out().getFileName());
                assertThat(Run.isRemote(folder.resolve("c"))).isTrue();
                return TrainingListener.ofRemarks(remarks::add);
            }

            @Override
            public void ended(Runs.Ended ended) {
                course.add(ended.run().out().getFileName()
                        + (ended.summary().isPresent() ? " done" : " " + ended.reason()));
            }
        };

        List<Runs.Ended> ended = queue.run(new PauseSwitch(), Progress.none(), listener);

        assertThat(ended).hasSize(3);
        assertThat(remarks)
                .filteredOn(remark -> remark.contains("are both trained on and measured"))
                .as("each run with its own")
                .hasSize(2);
        assertThat(course)
                .hasSize(5)
                .contains("begins a", "a done", "begins c", "c done")
                .anyMatch(words -> words.startsWith("b --keep-best looks at validation rows"));
        int asked = ray.bodies().size();
        // asked once more, nothing is sent again but what was not taken
        ClusterQueue again = new ClusterQueue(cluster(), RemoteOptions.by(new WorkerCount(1, false)), model);
        again.add(planned("a", settings()));
        assertThat(again.run(new PauseSwitch(), Progress.none(), listener)
                        .get(0)
                        .summary())
                .isPresent();
        assertThat(ray.bodies()).hasSize(asked);
    }

    @Test
    void whatMakesNoSenseIsRefusedBeforeAnythingIsSent() {
        TrainingSettings best = settings().withHeldOut(null, null).with(RunSettings.KEEP_BEST, true);

        assertThatThrownBy(() -> begin(cluster(), best, StartMode.RETRY))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("--keep-best looks at validation rows, and there are none");
        assertThat(Run.isRun(out)).isFalse();
        assertThat(storage.resolve("jobs")).doesNotExist();
    }

    @Test
    void whatSpeaksForARunIsTheEvaluationOfTheAdapterThatWasKept() throws IOException {
        TrainingSettings best = settings()
                .with(RunSettings.EVALUATE_EVERY, 1)
                .with(RunSettings.KEEP_BEST, true)
                .with(RunSettings.BEST_METRIC, "loss")
                .with(RunSettings.PATIENCE, 3);
        begin(cluster(), best, StartMode.RETRY);
        assertThat(Json.read(out.resolve("plan.json")).path("best_metric").asText())
                .isEqualTo("loss");
        assertThat(Json.read(out.resolve("plan.json")).path("patience").asInt()).isEqualTo(3);
        work(true);
        Path run = only(storage.resolve("jobs")).resolve("run");
        Json.write(
                run.resolve("ending.json"),
                Json.object().put("finished", true).put("kept", 2).put("early", true));
        ObjectNode results = (ObjectNode) Json.read(run.resolve("results.json"));
        ((ObjectNode) results.path("files").path("ending.json"))
                .put("sha256", FileHash.sha256(run.resolve("ending.json")))
                .put("bytes", Files.size(run.resolve("ending.json")));
        Json.write(run.resolve("results.json"), results);
        // the trainer here has looked at the rows after the last step only
        Files.writeString(
                run.resolve("metrics.jsonl"),
                Files.readString(run.resolve("metrics.jsonl"))
                        .replaceFirst(
                                "(\\{\"step\":3,\"loss\")",
                                "{\"step\":2,\"eval_loss\":0.25,\"eval_accuracy\":0.75,\"eval_samples\":8}\n$1"));
        ((ObjectNode) results.path("files").path("metrics.jsonl"))
                .put("sha256", FileHash.sha256(run.resolve("metrics.jsonl")))
                .put("bytes", Files.size(run.resolve("metrics.jsonl")));
        Json.write(run.resolve("results.json"), results);

        TrainingSummary summary = follow().orElseThrow();

        assertThat(summary.after().loss()).isEqualTo(0.25);
        assertThat(SummaryFile.read(out.resolve("summary.json")).after().loss()).isEqualTo(0.25);
        assertThat(Json.read(out.resolve("summary.json")).toString()).contains("\"stopped_early\":true");
        assertThat(out.resolve("methods.txt"))
                .content()
                .contains(
                        "(stopped early, of 4 planned, after 3 evaluations in a row without a better loss)",
                        "The validation rows were evaluated every step. The adapter of step 2 was kept, the best by loss."
                                + " With it, on 8 validation rows");
    }
}
