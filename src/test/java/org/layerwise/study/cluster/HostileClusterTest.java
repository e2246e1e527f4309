package org.layerwise.study.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Folders;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.StorageFolder;
import org.layerwise.remote.WorkerCount;
import org.layerwise.remote.ray.RecordedRay;
import org.layerwise.remote.ssh.SshSetup;
import org.layerwise.run.FileHash;
import org.layerwise.run.Run;
import org.layerwise.run.RunState;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.testing.Golden;
import org.layerwise.testing.PlainSsh;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/** Clusters and tickets that lie: nothing outside of the job's own folder is written, read or deleted, here or there. */
@Timeout(120)
class HostileClusterTest {

    @TempDir
    Path folder;

    private Workbench workbench;
    private OpenModel model;
    private RecordedRay ray;
    private Path storage;
    private Path out;

    @BeforeEach
    void open() throws IOException {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        model = TinyStudy.open(workbench);
        storage = folder.resolve("storage");
        out = folder.resolve("run");
        ray = new RecordedRay();
        ray.otherwise(request -> request.matches("GET /api/jobs/[^/]+")
                ? "{\"status\": \"SUCCEEDED\", \"message\": \"Done.\"}"
                : "{\"logs\": \"printed\"}");
    }

    @AfterEach
    void close() {
        ray.close();
        model.close();
    }

    private ClusterTraining cluster() {
        Cluster.Ray target = new Cluster.Ray(
                "lab", ray.address(), new StorageFolder("/mnt/lab", Optional.of(storage)), Optional.empty(), "python");
        SshSetup setup = SshSetup.of(folder, Map.of(), folder.resolve("config"), PlainSsh.unanswered());
        return new ClusterTraining(workbench, target, setup, Duration.ofMillis(20));
    }

    private DataSettings data() {
        return DataSettings.of(TinyStudy.classes(folder).toString()).withBatch(4);
    }

    private TrainingSettings settings() {
        return TrainingSettings.defaults().with(AdapterSettings.DEFAULTS.withLayers(new TreeSet<>(List.of(1))));
    }

    private Optional<TrainingSummary> follow() {
        return cluster().follow(out, Progress.none(), new ClusterListener() {
            @Override
            public void step(StepRecord step) {
                // not of interest
            }

            @Override
            public void evaluated(int step, Evaluation evaluation) {
                // not of interest
            }
        });
    }

    /** Sends a run; the folder of its job there. */
    private Path begin() throws IOException {
        cluster()
                .begin(
                        model,
                        data(),
                        settings(),
                        out,
                        RemoteOptions.by(new WorkerCount(1, false)),
                        StartMode.RETRY,
                        Progress.none());
        return job();
    }

    private Path job() throws IOException {
        try (Stream<Path> found = Files.list(storage.resolve("jobs"))) {
            return found.findFirst().orElseThrow();
        }
    }

    private void work(Path job) throws IOException {
        Path run = job.resolve("run");
        new TrainingJob(workbench, model, data(), settings(), run).run(Progress.none(), TrainingListener.none());
        Json.write(run.resolve("ending.json"), Json.object().put("finished", true));
        list(run);
    }

    /** Lists all that a run's folder there holds in its results, as a program would that wants all of it fetched. */
    private static void list(Path run) throws IOException {
        ObjectNode results = Json.object();
        ObjectNode files = results.putObject("files");
        try (Stream<Path> all = Files.walk(run)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.putObject(run.relativize(file).toString())
                        .put("sha256", FileHash.sha256(file))
                        .put("bytes", Files.size(file));
            }
        }
        Json.write(run.resolve("results.json"), results);
    }

    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                contents.put(folder.relativize(file).toString(), FileHash.sha256(file));
            }
        }
        return contents;
    }

    private void rename(String key, String value) {
        ObjectNode ticket = (ObjectNode) Json.read(out.resolve("remote.json"));
        Json.write(out.resolve("remote.json"), ticket.put(key, value));
    }

    /** As in a run's folder that somebody handed on. */
    @ParameterizedTest
    @ValueSource(strings = {"adapter", "metrics.jsonl"})
    void nothingIsFetchedThroughALinkHere(String name) throws IOException {
        Path precious = Files.createDirectory(folder.resolve("precious"));
        Files.writeString(precious.resolve("adapter_config.json"), "mine");
        Map<String, String> before = contents(precious);
        Path job = begin();
        work(job);
        Files.createSymbolicLink(
                out.resolve(name), name.equals("adapter") ? precious : precious.resolve("adapter_config.json"));

        assertThatThrownBy(() -> follow())
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("%s is a link", out.resolve(name));
        assertThat(contents(precious)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run.json", "remote.json"})
    void aRunThatGoesOnIsNotWrittenThroughALinkHere(String name) throws IOException {
        begin();
        ray.otherwise(request -> request.matches("GET /api/jobs/[^/]+")
                ? "{\"status\": \"FAILED\", \"message\": \"Out of memory.\"}"
                : "{\"logs\": \"printed\"}");
        Path link = out.resolve(name);
        Path mine = Files.move(link, folder.resolve("package.json"));
        Files.createSymbolicLink(link, mine);
        String before = Files.readString(mine);

        Throwable refused = catchThrowable(() -> cluster().goOn(out, Progress.none()));

        assertThat(mine).hasContent(before);
        assertThat(refused).isInstanceOf(UserException.class).hasMessageStartingWith("%s is a link".formatted(link));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".",
                "..",
                "../..",
                "other",
                "",
                "/",
                "lw-20260101-120000-0a1b2c3d/..",
                "lw-20260101-120000-0A1B2C3D",
                "lw-20260101-120000-0a1b2c3d ",
                "lw-٢٠٢٦٠١٠١-120000-0a1b2c3d"
            })
    void aTicketWithAnyOtherIdDeletesNothing(String id) throws IOException {
        work(begin());
        follow();
        Files.createDirectories(storage.resolve("jobs/other"));
        Files.writeString(storage.resolve("jobs/other/thesis.txt"), "years of work");
        Files.writeString(storage.resolve("beside.txt"), "not of Layerwise");
        rename("id", id);
        rename("number", id);
        Map<String, String> before = contents(storage);

        assertThatThrownBy(() -> cluster().delete(out, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(out.resolve("remote.json").toString());
        assertThat(contents(storage)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"12;touch there", "12\n13", "$(id)", "1.2", "99999999999999999999"})
    void aTicketsNumberBecomesPartOfNoCommand(String number) throws IOException {
        begin();
        rename("number", number);

        assertThatThrownBy(() -> cluster().state(out, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(out.resolve("remote.json").toString());
    }

    @Test
    void nothingButTheAdapterAndItsCourseIsFetched() throws IOException {
        Path job = begin();
        work(job);
        Path run = job.resolve("run");
        for (String own : new String[] {"remote.json", "config.yaml", "run.json", "run.lock", "plan.json", "new.txt"}) {
            Files.writeString(run.resolve(own), "{\"version\": 1, \"target\": \"another\", \"id\": \"..\"}");
        }
        list(run);
        Map<String, String> before = contents(out);

        assertThat(follow()).isPresent();

        assertThat(contents(out))
                .containsEntry("remote.json", before.get("remote.json"))
                .containsEntry("config.yaml", before.get("config.yaml"))
                .containsEntry("plan.json", before.get("plan.json"))
                .doesNotContainKey("new.txt")
                .containsKeys("adapter/adapter_config.json", "adapter/adapter_model.safetensors", "metrics.jsonl");
        assertThat(Run.open(out).state()).isEqualTo(RunState.FINISHED);
        assertThat(Run.open(out).place()).contains("lab");
    }

    @Test
    void aFolderThatThisProgramHasNotMadeIsNotDeleted() throws IOException {
        Path job = begin();
        work(job);
        follow();
        Folders.delete(job);
        Files.createDirectories(job);
        Files.writeString(job.resolve("thesis.txt"), "years of work");

        assertThatThrownBy(() -> cluster().delete(out, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("jobs/" + job.getFileName(), "was not made by Layerwise");
        assertThat(job.resolve("thesis.txt")).hasContent("years of work");
        assertThat(Json.read(out.resolve("remote.json")).has("deleted")).isFalse();
    }

    @Test
    void aDeletionThatDeletesNothingIsNotRecorded() throws IOException {
        Path job = begin();
        work(job);
        follow();
        Folders.delete(job);
        Files.createDirectories(job.resolve("in/".repeat(120)));
        Files.writeString(job.resolve(".layerwise"), job.getFileName() + "\n");

        assertThatThrownBy(() -> cluster().delete(out, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("nests more than 100 folders");
        assertThat(Json.read(out.resolve("remote.json")).has("deleted")).isFalse();
    }

    @Test
    void aJobOfAnEarlierVersionIsDeleted() throws IOException {
        Path job = begin();
        work(job);
        follow();
        Files.deleteIfExists(job.resolve(".layerwise"));

        cluster().delete(out, false, Progress.none());
        assertThat(job).doesNotExist();
    }

    @Test
    void linksAreDeletedAndWhatTheyLeadToIsNot() throws IOException {
        Path precious = Files.createDirectories(folder.resolve("precious"));
        Files.writeString(precious.resolve("thesis.txt"), "years of work");
        Path job = begin();
        work(job);
        follow();
        Files.createSymbolicLink(job.resolve("run/more"), precious);
        Files.createSymbolicLink(job.resolve("run/one"), precious.resolve("thesis.txt"));
        Files.createSymbolicLink(job.resolve("run/self"), job);

        cluster().delete(out, false, Progress.none());
        assertThat(job).doesNotExist();
        assertThat(precious.resolve("thesis.txt")).hasContent("years of work");
    }

    @Test
    void aFolderThatIsALinkIsLeftAlone() throws IOException {
        Path job = begin();
        work(job);
        follow();
        Path precious = folder.resolve("precious");
        Files.move(storage.resolve("jobs"), precious);
        Files.createSymbolicLink(storage.resolve("jobs"), precious);
        Map<String, String> before = contents(precious);

        assertThatThrownBy(() -> cluster().delete(out, false, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is a link");
        assertThat(contents(precious)).isEqualTo(before);
    }

    @Test
    void resultsThatAreLinksToFilesOfThisComputerAreNotRead() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "{\"step\": 1, \"loss\": 1, \"key\": \"secret\"}\n");
        Path job = begin();
        work(job);
        Path metrics = job.resolve("run/metrics.jsonl");
        Files.delete(metrics);
        Files.createSymbolicLink(metrics, secret);

        assertThatThrownBy(() -> follow()).isInstanceOf(UserException.class).hasMessageContaining("is a link");
        assertThat(out.resolve("metrics.jsonl")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "first", "last", "twice", "backwards", "more", "all again"})
    void aCourseThatIsNotOfThePlannedStepsIsAFailedRun(String told) throws IOException {
        Path job = begin();
        work(job);
        Path file = job.resolve("run/metrics.jsonl");
        List<String> lines = Files.readAllLines(file);
        List<String> steps = new ArrayList<>(
                lines.stream().filter(line -> line.contains("\"loss\"")).toList());
        int count = steps.size();
        switch (told) {
            case "none" -> steps.clear();
            case "first" -> steps.remove(0);
            case "last" -> steps.remove(count - 1);
            case "twice" -> steps.set(1, steps.get(0));
            case "backwards" -> Collections.reverse(steps);
            case "more" -> steps.add(steps.get(0).replace("\"step\":1,", "\"step\":%s,".formatted(count + 1)));
            default -> steps.addAll(List.copyOf(steps));
        }
        lines.removeIf(line -> line.contains("\"loss\""));
        lines.addAll(steps);
        Files.write(file, lines);
        list(job.resolve("run"));

        assertThatThrownBy(() -> follow())
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("lab", "not the %s steps that were planned".formatted(count));
        assertThat(Run.open(out).state()).isEqualTo(RunState.FAILED);
        assertThat(out.resolve("summary.json")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "loss, NaN, a loss of NaN",
        "loss, Infinity, a loss of Infinity",
        "grad_norm, NaN, a gradient norm of NaN",
        "learning_rate, 9, a learning rate of 9.0",
        "learning_rate, NaN, a learning rate of NaN",
        "learning_rate, Infinity, a learning rate of Infinity"
    })
    void aCourseThatNoJobTakesIsAFailedRun(String key, String value, String named) throws IOException {
        Path job = begin();
        work(job);
        Path file = job.resolve("run/metrics.jsonl");
        String line = "(?m)^(\\{\"step\":2,\"loss\":.*)$";
        String told = Pattern.compile(line).matcher(Files.readString(file)).replaceFirst(step -> step.group(1)
                .replaceFirst("(\"%s\":)[^,]*".formatted(key), "$1" + value));
        Files.writeString(file, told);
        list(job.resolve("run"));

        assertThatThrownBy(() -> follow())
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("lab", named, "in step 2");
        assertThat(Run.open(out).state()).isEqualTo(RunState.FAILED);
        assertThat(out.resolve("summary.json")).doesNotExist();
    }

    /** As of a program there that keeps its learning rate in float32. */
    @Test
    void aRoundedLearningRateIsThePlannedOne() throws IOException {
        Path job = begin();
        work(job);
        Path file = job.resolve("run/metrics.jsonl");
        String told = Pattern.compile("(\"learning_rate\":)([^,]*)")
                .matcher(Files.readString(file))
                .replaceAll(rate -> rate.group(1) + (double) Float.parseFloat(rate.group(2)));
        Files.writeString(file, told);
        list(job.resolve("run"));

        assertThat(follow()).isPresent();
    }

    @Test
    void anAdapterOfAStepThatWasNotTakenIsAFailedRun() throws IOException {
        Path job = begin();
        work(job);
        Json.write(
                job.resolve("run/ending.json"),
                Json.object().put("finished", true).put("kept", 4000));
        list(job.resolve("run"));

        assertThatThrownBy(() -> follow())
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("lab", "the adapter of step 4000");
        assertThat(Run.open(out).state()).isEqualTo(RunState.FAILED);
    }

    @Test
    void aTrainingThatEndedEarlyHasFewerSteps() throws IOException {
        Path job = begin();
        work(job);
        Path file = job.resolve("run/metrics.jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.removeIf(line -> line.contains("\"step\":" + steps(lines) + ","));
        Files.write(file, lines);
        Json.write(
                job.resolve("run/ending.json"),
                Json.object().put("finished", true).put("early", true));
        list(job.resolve("run"));

        assertThat(follow()).isPresent();
        assertThat(Run.open(out).state()).isEqualTo(RunState.FINISHED);
    }

    private static long steps(List<String> lines) {
        return lines.stream().filter(line -> line.contains("\"loss\"")).count();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    layers_to_transform     | [0]      | layers
                    r                       | 3        | r
                    lora_alpha              | 1000     | alpha
                    use_rslora              | true     | rslora
                    use_dora                | true     | dora
                    alpha_pattern           | {"q": 5} | alpha_pattern
                    base_model_name_or_path | "other"  | base
                    revision                | "other"  | revision
                    task_type               | "CAUSAL_LM" | task_type
                    init_lora_weights       | "pissa"  | init_lora_weights
                    exclude_modules         | ["key"]  | exclude_modules
                    bias                    | "all"    | bias
                    lora_bias               | true     | lora_bias
                    fan_in_fan_out          | true     | fan_in_fan_out
                    modules_to_save         | ["pooler"] | modules_to_save
                    layers_pattern          | ["layers"] | layers_pattern
                    target_modules          | ["key"]  | the target modules leave out
                    """)
    void anAdapterOfAnotherKindThanPlannedIsAFailedRun(String key, String value, String named) throws IOException {
        Path job = begin();
        work(job);
        Path file = job.resolve("run/adapter/adapter_config.json");
        ObjectNode config = (ObjectNode) Json.read(file);
        Json.write(file, config.set(key, Json.parse(value)));
        list(job.resolve("run"));

        assertThatThrownBy(() -> follow())
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("another adapter than the run has planned", "(" + named + " ");
        assertThat(Run.open(out).state()).isEqualTo(RunState.FAILED);
        assertThat(out.resolve("summary.json")).doesNotExist();
    }

    @Test
    void anAdapterWithOneMoreTensorIsAFailedRun() throws IOException {
        Path job = begin();
        work(job);
        String added = "base_model.model.bert.embeddings.word_embeddings.weight";
        Path file = job.resolve("run/adapter/adapter_model.safetensors");
        List<SafetensorsWriter.Named> tensors = new ArrayList<>();
        tensors.add(SafetensorsWriter.Named.of(added, new float[1], 1));
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            for (String name : read.names()) {
                double[] values = Golden.doubles(read, name);
                float[] floats = new float[values.length];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = (float) values[i];
                }
                tensors.add(SafetensorsWriter.Named.of(
                        name, floats, read.entry(name).shape()));
            }
        }
        SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
        list(job.resolve("run"));

        assertThatThrownBy(() -> follow())
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "another adapter than the run has planned (%s is [1], not missing)".formatted(added));
        assertThat(Run.open(out).state()).isEqualTo(RunState.FAILED);
    }

    /** As of a broken card. */
    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY})
    void anAdapterWithNumbersThatAreNotFiniteIsAFailedRun(float value) throws IOException {
        Path job = begin();
        work(job);
        Path file = job.resolve("run/adapter/adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - Float.BYTES, value);
        Files.write(file, bytes);
        list(job.resolve("run"));

        assertThatThrownBy(() -> follow())
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(
                        "of the adapter %s holds NaN or infinite numbers".formatted(out.resolve("adapter")),
                        "nothing can be computed with it");
        assertThat(Run.open(out).state()).isEqualTo(RunState.FAILED);
        assertThat(out.resolve("summary.json")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"finished\": \"yes\"}",
                "{\"finished\": true, \"kept\": -1}",
                "{\"finished\": true, \"kept\": 1e300}",
                "{\"finished\": true, \"kept\": \"2\"}",
                "{\"finished\": true, \"versions\": {\"torch\": \"2.7.1\\u001b]0;x\"}}",
                "{\"finished\": true, \"versions\": {\"<b>\": \"1\"}}"
            })
    void anEndingThatNoJobWritesIsAFailedRun(String ending) throws IOException {
        Path job = begin();
        work(job);
        Files.writeString(job.resolve("run/ending.json"), ending);
        list(job.resolve("run"));

        assertThatThrownBy(() -> follow())
                .isInstanceOf(UserException.class)
                .hasMessageContaining(out.resolve("ending.json").toString());
        assertThat(Run.open(out).state()).isEqualTo(RunState.FAILED);
        assertThat(out.resolve("summary.json")).doesNotExist();
    }
}
