package org.layerwise.study.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Folders;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.JobTicket;
import org.layerwise.remote.StorageFolder;
import org.layerwise.remote.WorkerCount;
import org.layerwise.remote.ray.RecordedRay;
import org.layerwise.remote.ssh.SshSetup;
import org.layerwise.run.FileHash;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.tensor.DType;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.PlainSsh;
import org.layerwise.training.TrainingListener;

/** An extraction on a cluster. Ray is played, and what its workers would find is computed here, into the shared folder. */
@Timeout(120)
class ClusterExtractionTest {

    @TempDir
    Path folder;

    private final List<String> remarks = new CopyOnWriteArrayList<>();
    private Workbench workbench;
    private OpenModel model;
    private RecordedRay ray;
    private Path storage;
    private volatile String state = "RUNNING";

    /** Called whenever the state of the job is asked for: the workers do their part meanwhile. */
    private volatile Runnable meanwhile = () -> {};

    @BeforeEach
    void open() throws IOException {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        model = TinyStudy.open(workbench);
        storage = folder.resolve("storage");
        ray = new RecordedRay();
        ray.otherwise(request -> {
            if (request.matches("GET /api/jobs/[^/]+")) {
                meanwhile.run();
                return "{\"status\": \"%s\", \"message\": \"It is so.\"}".formatted(state);
            }
            return "{\"logs\": \"first\\nOSError: no such model\\n\"}";
        });
    }

    @AfterEach
    void close() {
        ray.close();
        model.close();
    }

    private Cluster.Ray target() {
        return new Cluster.Ray(
                "lab", ray.address(), new StorageFolder("/mnt/lab", Optional.of(storage)), Optional.empty(), "python");
    }

    private ClusterExtraction cluster() {
        return cluster(null);
    }

    private ClusterExtraction cluster(@Nullable Path adapter) {
        SshSetup setup = SshSetup.of(folder, Map.of(), folder.resolve("config"), PlainSsh.unanswered());
        return new ClusterExtraction(
                model,
                target(),
                setup,
                RemoteOptions.by(new WorkerCount(2, false)),
                new ExtractionJobs(folder.resolve("jobs")),
                remarks::add,
                Duration.ofMillis(20),
                adapter,
                null);
    }

    private DataSettings data() {
        return DataSettings.of(TinyStudy.classes(folder).toString());
    }

    private TokenizedDataset tokens() {
        return TinyStudy.tokens(workbench, model, data());
    }

    /** What two workers would leave, one of which lacks some rows. */
    private void work(Representations found, int lacking) throws IOException {
        Path run = Files.createDirectories(job().resolve("run"));
        int rows = found.samples();
        ArrayNode names = Json.object().putArray("parts");
        for (int rank = 0; rank < 2; rank++) {
            int worker = rank;
            int[] mine = IntStream.range(0, rows)
                    .filter(row -> row % 2 == worker && row < rows - lacking)
                    .toArray();
            List<SafetensorsWriter.Named> tensors = new ArrayList<>();
            tensors.add(SafetensorsWriter.Named.lazy("rows", DType.I64, new long[] {mine.length}, () -> {
                ByteBuffer bytes = ByteBuffer.allocate(mine.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                IntStream.of(mine).forEach(bytes::putLong);
                return bytes.flip();
            }));
            for (int layer = 0; layer < found.layers().size(); layer++) {
                Matrix whole = found.layers().get(layer);
                float[] part = new float[mine.length * whole.columns()];
                for (int at = 0; at < mine.length; at++) {
                    System.arraycopy(
                            whole.values(), mine[at] * whole.columns(), part, at * whole.columns(), whole.columns());
                }
                tensors.add(SafetensorsWriter.Named.of("hidden_states." + layer, part, mine.length, whole.columns()));
            }
            String name = "part-%s-of-2.safetensors".formatted(rank);
            SafetensorsWriter.write(run.resolve(name), tensors, Map.of());
            names.add(name);
        }
        Json.write(run.resolve("ending.json"), Json.object().set("parts", names));
        list(run);
        state = "SUCCEEDED";
    }

    private static void list(Path run) throws IOException {
        ObjectNode results = Json.object();
        ObjectNode files = results.putObject("files");
        try (Stream<Path> all = Files.list(run)) {
            for (Path file : all.toList()) {
                files.putObject(file.getFileName().toString())
                        .put("sha256", FileHash.sha256(file))
                        .put("bytes", Files.size(file));
            }
        }
        Json.write(run.resolve("results.json"), results);
    }

    private void works(Representations found, int lacking) {
        meanwhile = () -> {
            meanwhile = () -> {};
            try {
                work(found, lacking);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private Path job() throws IOException {
        try (Stream<Path> found = Files.list(storage.resolve("jobs"))) {
            return found.reduce((first, second) -> {
                        throw new AssertionError("more than one job");
                    })
                    .orElseThrow();
        }
    }

    private Representations here(Position position) {
        return TinyStudy.represent(model, tokens(), position);
    }

    @Test
    void thePartsOfTheWorkersAreWhatIsComputedHere() throws IOException {
        Representations here = here(Position.MEAN);
        works(here, 0);

        Representations there =
                cluster().of(tokens(), Position.MEAN, false, Progress.none()).representations();

        assertThat(there.position()).isEqualTo(Position.MEAN);
        assertThat(there.layers()).hasSameSizeAs(here.layers());
        for (int layer = 0; layer < here.layers().size(); layer++) {
            assertThat(there.layers().get(layer).values())
                    .isEqualTo(here.layers().get(layer).values());
        }
        assertThat(remarks).contains("lab: It is so.");
        // whoever asks now has it computed anew; what lies there is deleted a while later
        Path job = job();
        Path fetched = folder.resolve("jobs/fetched").resolve(job.getFileName());
        assertThat(tickets()).isZero();
        Files.setLastModifiedTime(
                fetched.resolve("remote.json"), FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        works(here(Position.LAST), 0);
        cluster().of(tokens(), Position.LAST, false, Progress.none());
        assertThat(job).doesNotExist();
        assertThat(fetched).doesNotExist();
    }

    @Test
    void whatPissaTookOutOfTheWeightsIsSentWithItsAdapter() throws IOException {
        Path run = folder.resolve("run");
        TrainingSettings settings = TrainingSettings.defaults()
                .with(AdapterSettings.DEFAULTS
                        .withRank(2, 4)
                        .with(LoraSettings.VARIANT, LoraVariant.of("pissa_niter_1")));
        new TrainingJob(workbench, model, data().withBatch(3), settings, run)
                .run(Progress.none(), TrainingListener.none());

        cluster(run.resolve("adapter")).handIn(tokens(), Position.FIRST, Progress.none());

        try (Stream<Path> sent = Files.walk(storage);
                SafetensorsFile began = SafetensorsFile.open(run.resolve("adapter-initial/adapter_model.safetensors"));
                SafetensorsFile taken = SafetensorsFile.open(
                        sent.filter(file -> file.endsWith("adapter/principal/adapter_model.safetensors"))
                                .findFirst()
                                .orElseThrow())) {
            List<String> products = began.names().stream()
                    .filter(name -> name.contains(".lora_"))
                    .toList();
            assertThat(products).isNotEmpty();
            for (String name : products) {
                assertThat(taken.bytes(name)).as(name).isEqualTo(began.bytes(name));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.safetensors", "/etc/hostname", "part-7-of-9.safetensors", "plan.json", ""})
    void aPartThatWasNotFetchedIsNotRead(String name) throws IOException {
        Representations here = here(Position.MEAN);
        meanwhile = () -> {
            meanwhile = () -> {};
            try {
                work(here, 0);
                Path run = job().resolve("run");
                Json.write(
                        run.resolve("ending.json"),
                        Json.object().set("parts", Json.object().arrayNode().add(name)));
                ObjectNode results = (ObjectNode) Json.read(run.resolve("results.json"));
                ((ObjectNode) results.path("files").path("ending.json"))
                        .put("sha256", FileHash.sha256(run.resolve("ending.json")))
                        .put("bytes", Files.size(run.resolve("ending.json")));
                Json.write(run.resolve("results.json"), results);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };

        assertThatThrownBy(() -> cluster().of(tokens(), Position.MEAN, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "ending.json of the job %s on lab is not what a job of Layerwise writes at its end; see the job's log."
                                .formatted(job().getFileName()));
    }

    @Test
    void twoThatAskTheSameAtOnceBothHaveTheResult() throws Exception {
        Representations here = here(Position.MEAN);
        CompletableFuture<Representations> one = asked();
        await(() -> Files.isDirectory(folder.resolve("jobs")) && tickets() == 1);
        CompletableFuture<Representations> other = asked();
        await(() -> List.copyOf(remarks).contains("The same is computed on lab already; it is followed."));
        work(here, 0);
        assertThat(one.get(60, TimeUnit.SECONDS).layers()).hasSameSizeAs(here.layers());
        assertThat(other.get(60, TimeUnit.SECONDS).layers()).hasSameSizeAs(here.layers());
    }

    /** Another one who asks while the first job is being sent must not send a second one. */
    @Test
    void twoThatHandInTheSameAtOnceHandInOneJob() throws Exception {
        ray.answerLate("POST /api/jobs/", 1000, "{}");
        TokenizedDataset tokens = tokens();
        List<CompletableFuture<Path>> both = Stream.of(1, 2)
                .map(one ->
                        CompletableFuture.supplyAsync(() -> cluster().handIn(tokens, Position.MEAN, Progress.none())))
                .toList();

        Path here = both.get(0).get(60, TimeUnit.SECONDS);

        assertThat(both.get(1).get(60, TimeUnit.SECONDS)).isEqualTo(here);
        assertThat(handedIn()).isEqualTo(1);
        assertThat(JobTicket.read(here).id().text())
                .isEqualTo(job().getFileName().toString());
    }

    private long handedIn() {
        return ray.requests().stream().filter("POST /api/jobs/"::equals).count();
    }

    /** As after a program that was killed while it waited for the answer. */
    @Test
    void aJobThatWasTakenWithoutAnAnswerIsFollowed() throws IOException {
        boolean[] silent = {true};
        ray.answer("POST /api/jobs/", 500, "TimeoutError: no answer");
        meanwhile = () -> {
            if (silent[0]) {
                throw new IllegalStateException("no answer");
            }
        };
        assertThatThrownBy(() -> cluster().handIn(tokens(), Position.MEAN, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("lab may have the job", "ask the same again");
        assertThat(tickets()).isEqualTo(1);
        silent[0] = false;

        Path here = cluster().handIn(tokens(), Position.MEAN, Progress.none());

        assertThat(handedIn()).isEqualTo(1);
        assertThat(JobTicket.read(here).number()).isEqualTo(job().getFileName().toString());
        assertThat(remarks).contains("The same is computed on lab already; it is followed.");
    }

    @Test
    void aJobThatIsRefusedLeavesNothing() throws IOException {
        ray.answer("POST /api/jobs/", 500, "ValueError: full");
        state = "STOPPED";

        assertThatThrownBy(() -> cluster().handIn(tokens(), Position.MEAN, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("full");

        assertThat(tickets()).isZero();
        assertThat(storage.resolve("jobs")).isEmptyDirectory();
    }

    /** Of another program, which has sent the same anew since the first one looked. */
    @Test
    void theTicketOfALaterJobStays() throws IOException {
        Path here = cluster().handIn(tokens(), Position.MEAN, Progress.none());
        JobTicket first = JobTicket.read(here);
        JobTicket later = JobTicket.next("lab", first.workers());
        later.write(here);

        new ExtractionJobs(folder.resolve("jobs")).forget(here, first);

        assertThat(JobTicket.read(here)).isEqualTo(later);
    }

    private CompletableFuture<Representations> asked() {
        TokenizedDataset tokens = tokens();
        return CompletableFuture.supplyAsync(() ->
                cluster().of(tokens, Position.MEAN, false, Progress.none()).representations());
    }

    private long tickets() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("jobs"))) {
            return all.filter(one -> Files.exists(one.resolve("remote.json"))).count();
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        for (int i = 0; i < 3000 && !condition.call(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.call()).isTrue();
    }

    @Test
    void anAnalysisIsTheSameAsHere() {
        AnalysisSettings settings = AnalysisSettings.defaults();
        Analysis here = new AnalysisJob(workbench, model, data(), settings).run(Progress.none(), partial -> {});
        works(here(model.card().defaultPosition()), 0);

        Analysis there = new AnalysisJob(workbench, model, data(), settings)
                .on(cluster())
                .run(Progress.none(), partial -> {});

        assertThat(there.primary().importance()).isEqualTo(here.primary().importance());
        assertThat(there.samples()).isEqualTo(here.samples());
        assertThat(there.provenance().dataSha256()).isEqualTo(here.provenance().dataSha256());
    }

    /** Another process has asked, and is gone. */
    private void loseWhoAsked(Path job) throws IOException {
        Path file = job.resolve("asked.json");
        Files.writeString(
                file, Files.readString(file).replaceFirst("\"process\" *: *\"[^\"]*\"", "\"process\": \"1@x\""));
    }

    @Test
    void whatAProgramThatEndedHasAskedForIsFetchedByTheNext() throws IOException {
        Path jobs = folder.resolve("jobs");
        assertThat(PendingAnalysis.left(jobs, remarks::add)).isEmpty();
        AnalysisSettings settings = with(LinearCka.MEASURE);
        RemoteDestination to = new RemoteDestination("lab", RemoteOptions.by(new WorkerCount(2, false)));
        Path job = new AnalysisJob(workbench, model, data(), settings).handIn(cluster(), Progress.none());
        PendingAnalysis.write(job, model, "classes", data(), settings, to);
        assertThat(PendingAnalysis.left(jobs, remarks::add))
                .as("who asked is still there")
                .isEmpty();
        loseWhoAsked(job);
        PendingAnalysis left = PendingAnalysis.left(jobs, remarks::add).get(0);
        assertThat(PendingAnalysis.left(jobs, remarks::add)).as("taken").isEmpty();
        assertThat(left.job()).isEqualTo(job);
        assertThat(left.rows()).isEqualTo("classes");
        assertThat(left.configuration().on()).isEqualTo(to);
        assertThat(left.configuration().rows()).isEqualTo(data());
        assertThat(left.configuration().analysis()).isEqualTo(settings);
        works(here(model.card().defaultPosition()), 0);
        Analysis found = new AnalysisJob(
                        workbench,
                        model,
                        left.configuration().rows(),
                        left.configuration().analysis())
                .on(cluster().only(left.job()))
                .run(Progress.none(), partial -> {});
        assertThat(found.samples()).isEqualTo(tokens().size());
        assertThatThrownBy(() -> cluster().only(job).handIn(tokens(), found.position(), Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage("What was computed on lab has been fetched already, by this window or another program.");
        assertThat(PendingAnalysis.left(jobs, remarks::add)).isEmpty();
    }

    @Test
    void whatWasAskedOfOtherRowsIsNotSentAnew() throws IOException {
        Path job = cluster().handIn(tokens(), Position.FIRST, Progress.none());
        assertThatThrownBy(() -> cluster().only(job).handIn(tokens(), Position.LAST, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("The model, the rows or the cluster lab have changed since the job was sent");
        assertThat(job()).as("one job").isDirectory();
    }

    @Test
    void oneThatCannotBeReadHidesNoOther() throws IOException {
        Path jobs = folder.resolve("jobs");
        Path broken = Files.createDirectories(jobs.resolve("0"));
        Files.writeString(broken.resolve("asked.json"), "{");
        Path job = cluster().handIn(tokens(), Position.FIRST, Progress.none());
        RemoteDestination to = new RemoteDestination("lab", RemoteOptions.by(new WorkerCount(2, false)));
        PendingAnalysis.write(job, model, "classes", data(), AnalysisSettings.defaults(), to);
        loseWhoAsked(job);
        assertThat(PendingAnalysis.left(jobs, remarks::add)).hasSize(1);
        assertThat(remarks).anyMatch(remark -> remark.contains(broken.toString()));
    }

    private ExtractionFollower follower() {
        SshSetup setup = SshSetup.of(folder, Map.of(), folder, PlainSsh.unanswered());
        return new ExtractionFollower(target(), setup, remarks::add, ClusterAccess.LOOK_EVERY);
    }

    @Test
    void endingWhatWasFetchedMeanwhileIsNoMistake() throws IOException {
        Path job = cluster().handIn(tokens(), Position.FIRST, Progress.none());
        Folders.delete(job);
        follower().end(job, Progress.none());
        assertThat(job).doesNotExist();
    }

    @Test
    void aJobThatHasNoResultIsNotTakenUpAgain() throws IOException {
        Path job = cluster().handIn(tokens(), Position.FIRST, Progress.none());
        PendingAnalysis.write(
                job,
                model,
                "classes",
                data(),
                AnalysisSettings.defaults(),
                new RemoteDestination("lab", RemoteOptions.by(new WorkerCount(2, false))));
        state = "FAILED";
        assertThatThrownBy(() -> follower().await(job, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage("The job on lab has failed (It is so: OSError: no such model).");
        assertThat(job.resolve("asked.json")).doesNotExist();
        assertThat(job.resolve("remote.json"))
                .as("who asks the same is told why")
                .exists();
    }

    @Test
    void theSameQuestionFollowsTheJobThatIsThere() throws IOException {
        Representations here = here(Position.FIRST);
        boolean[] gone = {false};
        meanwhile = () -> gone[0] = true;
        Progress leaving = CancelledProgress.when(() -> gone[0]);
        assertThatThrownBy(() -> cluster().of(tokens(), Position.FIRST, false, leaving))
                .isInstanceOf(CancelledException.class);
        Path job = job();
        works(here, 0);

        assertThat(cluster()
                        .of(tokens(), Position.FIRST, false, Progress.none())
                        .representations())
                .isNotNull();

        assertThat(remarks).contains("The same is computed on lab already; it is followed.");
        assertThat(job).isDirectory();
    }

    @Test
    void aJobOfTheModelThatLayInTheFolderBeforeIsNotTaken() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("model"));
        Path weights = Path.of(TinyStudy.MODEL, "model.safetensors");
        Files.copy(Path.of(TinyStudy.MODEL, "config.json"), copy.resolve("config.json"));
        Files.copy(weights, copy.resolve("model.safetensors"));
        model.close();
        model = open(copy);
        Path before = cluster().handIn(tokens(), Position.FIRST, Progress.none());
        model.close();
        byte[] other = Files.readAllBytes(weights);
        other[other.length - 2] ^= 1; // a bit of the last number
        Files.write(copy.resolve("model.safetensors"), other);
        model = open(copy);

        assertThatThrownBy(() -> cluster().only(before).handIn(tokens(), Position.FIRST, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("The model, the rows or the cluster lab have changed since the job was sent");
        assertThat(cluster().handIn(tokens(), Position.FIRST, Progress.none())).isNotEqualTo(before);
        assertThat(remarks).as("no job is followed that was there").isEmpty();
    }

    private OpenModel open(Path folder) {
        return workbench.openModel(folder.toString(), "cpu", Progress.none());
    }

    @Test
    void whatWasCutOffIsHandedInAgainAndWhatBrokeIsSentAnew() throws IOException {
        state = "FAILED";
        assertThatThrownBy(() -> cluster().of(tokens(), Position.LAST, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage("The job on lab has failed (It is so: OSError: no such model).");
        Path broken = job();
        Representations here = here(Position.LAST);
        meanwhile = () -> {
            if (!Files.exists(broken)) {
                works(here, 0);
                state = "RUNNING";
            }
        };
        assertThat(cluster().of(tokens(), Position.LAST, false, Progress.none()).representations())
                .isNotNull();
        assertThat(broken).doesNotExist();
    }

    @Test
    void rowsThatNobodyHasAreNoticed() throws IOException {
        works(here(Position.FIRST), 2);
        assertThatThrownBy(() -> cluster().of(tokens(), Position.FIRST, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "The workers have left %s of %s rows".formatted(tokens().size() - 2, tokens().size()));
        // asked once more, it is computed anew
        assertThat(tickets()).isZero();
    }

    /** The copies that are read are deleted with their folder. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void partsThatDoNotFitAreToldWithTheirJob(boolean missing) throws IOException {
        Representations here = here(Position.FIRST);
        meanwhile = () -> {
            meanwhile = () -> {};
            try {
                work(here, 0);
                Path run = job().resolve("run");
                if (missing) {
                    Files.delete(run.resolve("ending.json"));
                } else {
                    Files.copy(
                            run.resolve("part-0-of-2.safetensors"),
                            run.resolve("part-1-of-2.safetensors"),
                            StandardCopyOption.REPLACE_EXISTING);
                }
                list(run);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };

        assertThatThrownBy(() -> cluster().of(tokens(), Position.FIRST, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "%s of the job %s on lab",
                        missing ? "ending.json" : "part-1-of-2.safetensors", job().getFileName())
                .hasMessageNotContaining("layerwise-job");
    }

    @Test
    void resultsThatBecomeVisibleLateAreFetchedWhenTheyAreAskedForAgain() throws IOException {
        Representations here = here(Position.FIRST);
        Path[] lists = new Path[2];
        meanwhile = () -> {
            meanwhile = () -> {};
            try {
                work(here, 0);
                lists[0] = job().resolve("run/results.json");
                lists[1] = Files.move(lists[0], folder.resolve("late.json"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        assertThatThrownBy(() -> cluster().of(tokens(), Position.FIRST, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has left no results that can be seen here");
        Path job = job();
        assertThat(tickets()).isEqualTo(1);

        Files.move(lists[1], lists[0]);
        cluster().of(tokens(), Position.FIRST, false, Progress.none());
        assertThat(job()).as("the same job").isEqualTo(job);
    }

    @Test
    void aFinishedJobThatStillHasNoResultsIsSentAnew() throws IOException {
        state = "SUCCEEDED";
        assertThatThrownBy(() -> cluster().of(tokens(), Position.FIRST, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has left no results that can be seen here");
        Path first = job();
        works(here(Position.FIRST), 0);
        meanwhile = sentAnew(first, meanwhile);

        assertThat(cluster()
                        .of(tokens(), Position.FIRST, false, Progress.none())
                        .representations())
                .isNotNull();
        assertThat(first).doesNotExist();
    }

    /** Lets the workers begin when the first job is gone. */
    private Runnable sentAnew(Path first, Runnable work) {
        return () -> {
            if (!Files.exists(first)) {
                work.run();
            }
        };
    }

    @Test
    void aResultThatFindsNoRoomHereIsFetchedWhenItIsAskedForAgain() throws IOException {
        Representations here = here(Position.FIRST);
        Path[] lists = new Path[1];
        String[] right = new String[1];
        meanwhile = () -> {
            meanwhile = () -> {};
            try {
                work(here, 0);
                lists[0] = job().resolve("run/results.json");
                right[0] = Files.readString(lists[0]);
                ObjectNode large = (ObjectNode) Json.parse(right[0]);
                ((ObjectNode) large.at("/files/part-1-of-2.safetensors")).put("bytes", Long.MAX_VALUE);
                Json.write(lists[0], large);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        assertThatThrownBy(() -> cluster().of(tokens(), Position.FIRST, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("There is no room for");
        assertThat(tickets()).isEqualTo(1);

        Files.writeString(lists[0], right[0]);
        cluster().of(tokens(), Position.FIRST, false, Progress.none());
        assertThat(remarks).contains("The same is computed on lab already; it is followed.");
        assertThat(job()).as("one job").isDirectory();
    }

    @Test
    void aWidthThatTakesAllMemoryIsRefusedByTheHeader() {
        Representations right = here(Position.FIRST);
        meanwhile = () -> {
            meanwhile = () -> {};
            try {
                work(right, 0);
                Path run = job().resolve("run");
                for (int rank = 0; rank < 2; rank++) {
                    List<SafetensorsWriter.Named> tensors = new ArrayList<>();
                    tensors.add(SafetensorsWriter.Named.lazy(
                            "rows", DType.I64, new long[] {0}, () -> ByteBuffer.allocate(0)));
                    for (int layer = 0; layer < right.layers().size(); layer++) {
                        tensors.add(SafetensorsWriter.Named.of(
                                "hidden_states." + layer, new float[0], 0, Integer.MAX_VALUE / right.samples() - 8));
                    }
                    SafetensorsWriter.write(run.resolve("part-%s-of-2.safetensors".formatted(rank)), tensors, Map.of());
                }
                list(run);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };

        assertThatThrownBy(() -> cluster().of(tokens(), Position.FIRST, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("lab", "another model", "--model-there");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAnotherModelMakesOfTheRowsIsRefused(boolean narrower) throws IOException {
        List<Matrix> right = here(Position.FIRST).layers();
        List<Matrix> wrong = narrower
                ? right.stream()
                        .map(layer -> new Matrix(layer.rows(), 1, new float[layer.rows()]))
                        .toList()
                : right.subList(0, right.size() - 1);
        works(new Representations(Position.FIRST, wrong), 0);

        assertThatThrownBy(() -> cluster().of(tokens(), Position.FIRST, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("lab", "another model", "--model-there");
        // asked once more, it is computed anew
        assertThat(tickets()).isZero();
    }

    private static AnalysisSettings with(Measure measure) {
        AnalysisSettings usual = AnalysisSettings.defaults();
        return new AnalysisSettings(
                null, usual.ratio(), usual.undefined(), null, List.of(measure), usual.options(), 0, 0, usual.seed());
    }

    @Test
    void whatNeedsMoreThanRepresentationsIsRefused() {
        AnalysisSettings gradient = with(GradientScores.GRADIENT_NORM);
        assertThatThrownBy(() -> new AnalysisJob(workbench, model, data(), gradient).on(cluster()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("gradient-norm comes from the gradients of a model");
        assertThatThrownBy(() -> cluster().of(tokens(), Position.FIRST, true, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("block-influence compares every token");
    }
}
