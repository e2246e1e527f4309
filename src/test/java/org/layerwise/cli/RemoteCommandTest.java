package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.remote.ray.RecordedRay;
import org.layerwise.study.TinyStudy;

@Timeout(60)
class RemoteCommandTest {

    private static final String FACTS =
            """
            LAYERWISE {"python": "3.11.7", "executable": "/usr/bin/python", "host": "head", "packages": {"torch": "2.7.1+cu126", \
            "transformers": "4.55.4", "peft": %s, "safetensors": "0.8.0", "yaml": "6.0.4", "numpy": "2.4.6", "ray": "2.60.0"}, \
            "gpus": [{"name": "NVIDIA A100", "bytes": 42949672960}, {"name": "NVIDIA A100", "bytes": 42949672960}], "storage": %s}
            """;

    @TempDir
    Path folder;

    private CommandLineFixture cli;
    private Path storage;

    @BeforeEach
    void open() throws IOException {
        cli = new CommandLineFixture(folder);
        storage = Files.createDirectories(folder.resolve("storage"));
    }

    @Test
    void targetsAreAddedListedAndRemoved() {
        assertThat(cli.run("remote", "list")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).startsWith("No cluster and no queue was added yet");

        add("lab", "http://head:8265");
        assertThat(cli.run(
                        "remote",
                        "add",
                        "queue",
                        "--slurm",
                        "--ssh=ada@login:2222",
                        "--storage=/scratch/ada",
                        "--partition=gpu",
                        "--time=2:00:00",
                        "--nodes=2",
                        "--gpus=4",
                        "--setup=module load cuda",
                        "--setup=source env.sh"))
                .isEqualTo(ExitCode.OK);
        assertThat(cli.run("remote", "list")).isEqualTo(ExitCode.OK);
        assertThat(cli.out().lines())
                .hasSize(3)
                .anyMatch(line -> line.matches("lab +Ray +http://head:8265 +/mnt/lab = .*storage here +python"))
                .anyMatch(line ->
                        line.matches("queue +Slurm +ada@login:2222, gpu, 2:00:00, 2 x 4 GPUs +/scratch/ada +python3"));

        assertThat(cli.run("remote", "remove", "queue")).isEqualTo(ExitCode.OK);
        assertThat(cli.run("remote", "remove", "queue")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).containsExactly("layerwise: There is no target queue; there are lab.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    remote                                                          | wants one of add, list, check, remove, log, stop and delete
                    remote add                                                      | Missing required
                    remote add a --storage=/s                                       | Say what a is: --ray URL or --slurm.
                    remote add a --ray=h --slurm --storage=/s                       | --ray and --slurm exclude each other
                    remote add a --ray=h --storage=/s                               | name an SSH host
                    remote add a --ray=h --storage=s --ssh=h                        | must be a whole path
                    remote add a/b --ray=h --storage=/s --ssh=h                     | is no name for a target
                    remote add a --ray=ftp://h --storage=/s --ssh=h                 | is no address of a Ray dashboard
                    remote add a --ray=h --storage=/s --ssh=h --gpus=2              | --gpus is for Slurm
                    remote add a --ray=h --storage=/s --storage-here=/s --key=k     | --key belongs to an SSH host
                    remote add a --ray=h --storage=/s --ssh=h --key=/no/such        | There is no key file /no/such
                    remote add a --slurm --storage=/s                               | name the computer on which jobs are handed in
                    remote add a --slurm --ssh=h --storage=/s --time=soon           | is no time limit
                    remote add a --slurm --ssh=h --storage=/s --nodes=0             | must be from 1 to 4096
                    remote check                                                    | Missing required
                    remote check nowhere                                            | There is no target nowhere
                    remote log nowhere                                              | There is no run in nowhere that was sent to a cluster
                    remote stop nowhere                                             | There is no run in nowhere that was sent to a cluster
                    remote add a --ray=h --ssh=h --storage=/söhne                   | of the letters a to z, digits
                    train --workers=2 --data=d --model=m --out=o                    | --workers is for work on a cluster
                    remote chek a                                                   | did you mean check?
                    """)
    void whatMakesNoSenseIsToldInOneSentence(String line, String words) {
        assertThat(cli.run(line.strip().split(" +"))).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(cli.errLines()).singleElement().asString().contains(words);
        assertThat(folder.resolve("config/remote.json")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "extract"})
    void aDeviceOfThisComputerIsNoneOfACluster(String command) {
        add("lab", "http://head:8265");
        assertThat(cli.run(
                        command, "--model=m", "--data=d", "--out=" + folder.resolve("o"), "--on=lab", "--device=cuda"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).singleElement().asString().contains("but lab does it; leave --device out");
    }

    @Test
    void aRunThatGoesOnElsewhereIsNotReplaced() throws IOException {
        Path run = Files.createDirectories(folder.resolve("my run"));
        Files.writeString(run.resolve("run.json"), "{\"state\": \"running\"}");
        Files.writeString(
                run.resolve("remote.json"),
                "{\"version\": 1, \"target\": \"lab\", \"id\": \"lw-20260101-120000-0a1b2c3d\", \"number\": \"7\"}");
        for (List<String> place : List.of(List.<String>of(), List.of("--on=lab"))) {
            List<String> flags =
                    new ArrayList<>(List.of("train", "--model=m", "--data=d", "--out=" + run, "--overwrite"));
            flags.addAll(place);
            assertThat(cli.run(flags.toArray(String[]::new))).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(cli.errLines())
                    .singleElement()
                    .asString()
                    .contains("is on lab and was not fetched; layerwise remote stop '" + run + "' ends it");
        }
    }

    @Test
    void aRunElsewhereGoesOnWithNoOtherSettingsThanItsOwn() throws Exception {
        Path run = folder.resolve("run");
        String data = TinyStudy.classes(folder).toString();
        List<String> sent = List.of(
                "train",
                "--model=" + TinyStudy.MODEL,
                "--data=" + data,
                "--layers=1",
                "--epochs=1",
                "--on=lab",
                "--workers=2",
                "--out=" + run);
        try (RecordedRay ray = new RecordedRay()) {
            play(ray, "printed", false);
            add("lab", ray.address().toString());
            add("other", ray.address().toString());
            assertThat(cli.run(sent.toArray(String[]::new))).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(String.join("\n", cli.errLines())).contains("has left no results");
            assertThat(refusedToResume(sent, "--resume")).as("the same").contains("has left no results");
            String began = Files.readString(run.resolve("remote.json"));
            Map.of(
                            "--seed=7", "began with --seed 42, not 7",
                            "--layers=0,1", "began with --layers 1, not 0,1",
                            "--epochs=2", "began with --steps",
                            "--on=other", "was sent to lab, and goes on so",
                            "--workers=3", "was sent with --workers 2, and goes on so",
                            "--model-there=/m", "was sent with the model " + TinyStudy.MODEL + " there",
                            "--fsdp", "was sent without --fsdp")
                    .forEach((flag, words) ->
                            assertThat(refusedToResume(sent, flag)).contains(words));
            Files.writeString(Path.of(data), Files.readString(Path.of(data)).replaceFirst("\\d", "9"));
            assertThat(refusedToResume(sent, "--resume")).contains("the training rows", "have changed since it began");
            assertThat(run.resolve("remote.json")).as("not handed in again").hasContent(began);
        }
    }

    /** What is said when a run is resumed by the flags that it was sent with and another one. */
    private String refusedToResume(List<String> sent, String flag) {
        List<String> flags = new ArrayList<>(sent);
        flags.removeIf(other -> other.startsWith(flag.replaceFirst("=.*", "=")));
        flags.addAll(flag.equals("--resume") ? List.of(flag) : List.of(flag, "--resume"));
        assertThat(cli.run(flags.toArray(String[]::new))).isEqualTo(ExitCode.BAD_INPUT);
        return String.join("\n", cli.errLines());
    }

    @Test
    void aRunThatIsNowhereElseDoesNotGoOnElsewhere() {
        assertThat(cli.run("train", "--model=m", "--data=d", "--out=" + folder.resolve("new"), "--resume", "--on=lab"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).singleElement().asString().contains("so --resume goes on here; leave out --on");
    }

    @Test
    void aBrokenFileOfTargetsIsNamed() throws IOException {
        Path file = Files.writeString(
                Files.createDirectories(folder.resolve("config")).resolve("remote.json"), "{}");

        assertThat(cli.run("remote", "list")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).singleElement().asString().contains(file.toString(), "remote add");
    }

    @Test
    void aClusterThatIsFineIsSaidToBeSo() throws Exception {
        try (RecordedRay ray = new RecordedRay()) {
            play(ray, FACTS.formatted("\"0.17.1\"", "null"), true);
            add("lab", ray.address().toString());

            assertThat(cli.run("remote", "check", "lab")).isEqualTo(ExitCode.OK);

            assertThat(cli.out())
                    .contains("ok     Ray                2.60.0, Jobs API 4")
                    .contains("ok     Nodes              1 with 8 CPUs and 2 GPUs")
                    .contains("ok     peft               0.17.1")
                    .contains("ok     GPUs seen          2 x NVIDIA A100 with 40 GiB")
                    .contains("ok     Storage            " + storage + ", seen by both sides");
            assertThat(storage).as("nothing is left there").isEmptyDirectory();
            assertThat(ray.bodies())
                    .as("the job")
                    .anyMatch(body -> body.contains("\"entrypoint\":\"python -u check.py /mnt/lab/layerwise-check-"));
        }
    }

    @Test
    void aMissingPackageAndAFolderThatIsNotSharedAreTold() throws Exception {
        try (RecordedRay ray = new RecordedRay()) {
            play(ray, FACTS.formatted("null", "\"/mnt/lab/x/question: No such file or directory\""), false);
            add("lab", ray.address().toString());

            assertThat(cli.run("remote", "check", "lab")).isEqualTo(ExitCode.BAD_INPUT);

            assertThat(cli.out())
                    .contains("wrong  peft               is not there")
                    .contains("/usr/bin/python -m pip install \"peft>=0.15\"")
                    .contains("wrong  Storage            " + storage
                            + " is written here, but is not the same over there");
            assertThat(cli.errLines()).last().asString().contains("Jobs cannot run on lab yet");
        }
    }

    @Test
    void aPackageThatIsTooOldIsTold() throws Exception {
        try (RecordedRay ray = new RecordedRay()) {
            play(ray, FACTS.formatted("\"0.3.0\"", "null"), true);
            add("lab", ray.address().toString());

            assertThat(cli.run("remote", "check", "lab")).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(cli.out())
                    .contains("wrong  peft               0.3.0")
                    .contains("Version 0.15 or later is needed.");
        }
    }

    @Test
    void wordsOfAClusterAreShortAndSteerNoTerminal() throws Exception {
        try (RecordedRay ray = new RecordedRay()) {
            play(ray, FACTS.formatted("\"9\\u001b[2J%s\"".formatted("x".repeat(1_000_000)), "null"), true);
            add("lab", ray.address().toString());

            assertThat(cli.run("remote", "check", "lab")).isEqualTo(ExitCode.OK);
            assertThat(cli.out())
                    .contains("ok     peft               9\\u001B[2Jxxx")
                    .doesNotContain("\u001b");
            assertThat(cli.out().lines()).allMatch(line -> line.length() < 700);
        }
    }

    /** The window writes the same words into a label, and laying out megabytes stops it for seconds. */
    @Test
    void wordsOfAJobThatGoesOnAreShort() throws Exception {
        try (RecordedRay ray = new RecordedRay()) {
            AtomicInteger asked = new AtomicInteger();
            play(
                    ray,
                    FACTS.formatted("\"0.17.1\"", "null"),
                    true,
                    () -> asked.getAndIncrement() == 0
                            ? "{\"status\": \"RUNNING\", \"message\": \"busy %s\"}".formatted("x".repeat(1_000_000))
                            : "{\"status\": \"SUCCEEDED\", \"message\": \"\"}");
            add("lab", ray.address().toString());

            assertThat(cli.run("remote", "check", "lab")).isEqualTo(ExitCode.OK);
            assertThat(cli.errLines()).anyMatch(line -> line.contains("Python there: busy xxx"));
            assertThat(cli.errLines()).allMatch(line -> line.length() < 700);
        }
    }

    @Test
    void aClusterThatDoesNotAnswerIsTold() throws Exception {
        String address;
        try (RecordedRay ray = new RecordedRay()) {
            address = ray.address().toString();
        }
        add("lab", address);

        assertThat(cli.run("remote", "check", "lab")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.out()).contains("wrong  Ray                no answer from " + address);
    }

    private void add(String name, String address) {
        assertThat(cli.run(
                        "remote", "add", name, "--ray=" + address, "--storage=/mnt/lab", "--storage-here=" + storage))
                .isEqualTo(ExitCode.OK);
        assertThat(cli.out()).startsWith(name + " is added");
    }

    /** Lets Ray run the job that looks at Python; where the folder is shared, it answers the question that lies there. */
    private void play(RecordedRay ray, String printed, boolean shared) {
        play(ray, printed, shared, () -> "{\"status\": \"SUCCEEDED\", \"message\": \"Job finished successfully.\"}");
    }

    /** @param job answers how the job is */
    private void play(RecordedRay ray, String printed, boolean shared, Supplier<String> job) {
        ray.answer(
                "GET /api/v0/nodes?detail=1",
                200,
                "{\"data\": {\"result\": {\"result\": [{\"node_ip\": \"10.0.0.1\", \"state\": \"ALIVE\","
                        + " \"resources_total\": {\"CPU\": 8.0, \"GPU\": 2.0, \"memory\": 1e9}}]}}}");
        ray.otherwise(request -> {
            if (request.matches("GET /api/jobs/[^/]+")) {
                return job.get();
            }
            if (request.matches("GET /api/jobs/[^/]+/logs")) {
                return "{\"logs\": %s}".formatted(Json.tree("Running\n" + printed));
            }
            if (request.equals("POST /api/jobs/") && shared) {
                answerQuestion();
            }
            return "{}";
        });
    }

    private void answerQuestion() {
        try (var found = Files.walk(storage)) {
            Path question =
                    found.filter(path -> path.endsWith("question")).findFirst().orElseThrow();
            Files.copy(question, question.resolveSibling("answer"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
