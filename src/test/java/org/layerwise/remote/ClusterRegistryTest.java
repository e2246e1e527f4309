package org.layerwise.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.remote.slurm.SlurmRequest;
import org.layerwise.remote.ssh.SshAccess;
import org.layerwise.remote.ssh.SshAddress;
import org.layerwise.testing.EarlierFiles;
import org.layerwise.testing.Processes;

class ClusterRegistryTest {

    private static final SlurmRequest REQUEST = new SlurmRequest(
            Optional.of("gpu"), Optional.of("lab-1"), Optional.of("1-12"), 2, 4, List.of("module load cuda", "  "));

    @TempDir
    Path config;

    private Cluster.Ray ray(String name) {
        return new Cluster.Ray(
                name,
                URI.create("http://head:8265"),
                new StorageFolder("/mnt/lab/", Optional.of(config.resolve("lab"))),
                Optional.empty(),
                "python3");
    }

    private static Cluster.Slurm slurm(String name) {
        return new Cluster.Slurm(
                name,
                new SshAccess(
                        new SshAddress(Optional.of("ada"), "login", OptionalInt.of(2222)),
                        Optional.of(Path.of("/keys/id")),
                        Optional.of(SshAddress.of("jump", "gate"))),
                new StorageFolder("/scratch/ada/layerwise", Optional.empty()),
                "/opt/python/bin/python3",
                REQUEST);
    }

    @Test
    void whatIsAddedIsThereAgain() {
        ClusterRegistry targets = new ClusterRegistry(config);
        assertThat(targets.all()).isEmpty();
        targets.add(ray("ray"), false);
        targets.add(slurm("queue"), false);

        assertThat(new ClusterRegistry(config).all()).containsExactly(ray("ray"), slurm("queue"));
        assertThat(targets.get("queue")).isEqualTo(slurm("queue"));
        assertThat(REQUEST.setup()).containsExactly("module load cuda");
        assertThat(ray("ray").storage().there("jobs/a")).isEqualTo("/mnt/lab/jobs/a");
    }

    @Test
    void theTargetOfAJobThatIsThereNoMoreIsAskedForByName() {
        ClusterRegistry targets = new ClusterRegistry(config);
        targets.add(ray("ray"), false);
        Path run = config.resolve("run");
        assertThat(targets.of(ticket("ray"), run)).isEqualTo(ray("ray"));
        assertThatThrownBy(() -> targets.of(ticket("lab"), run))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(run.resolve("remote.json").toString(), "was sent to lab", "remote add lab");
    }

    private static JobTicket ticket(String target) {
        return new JobTicket(
                target,
                new JobId("lw-20260101-120000-0a1b2c3d"),
                "lw-20260101-120000-0a1b2c3d",
                new WorkerCount(1, false));
    }

    @Test
    void aNameIsTakenOnce() {
        ClusterRegistry targets = new ClusterRegistry(config);
        targets.add(ray("a"), false);
        targets.add(ray("b"), false);

        assertThatThrownBy(() -> targets.add(slurm("a"), false))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--replace");
        targets.add(slurm("a"), true);
        assertThat(targets.all()).containsExactly(slurm("a"), ray("b"));
        targets.remove("a");
        assertThat(targets.all()).containsExactly(ray("b"));
    }

    @Test
    void anUnknownNameIsToldWithThoseThatThereAre() {
        ClusterRegistry targets = new ClusterRegistry(config);
        assertThatThrownBy(() -> targets.get("lab")).hasMessageContaining("no other");
        targets.add(ray("cluster"), false);
        assertThatThrownBy(() -> targets.get("clustr")).hasMessageContaining("did you mean cluster?");
        assertThatThrownBy(() -> targets.remove("somewhere")).hasMessageContaining("there are cluster");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"version\": 1}",
                "{\"version\": 2, \"targets\": []}",
                "{\"version\": 1, \"targets\": [{\"name\": \"a\"}]}",
                "{\"version\": 1, \"targets\": [{\"name\": \"a\", \"kind\": \"pbs\", \"storage\": \"/s\"}]}",
                "{\"version\": 1, \"targets\": [{\"name\": \"a\", \"kind\": \"slurm\", \"storage\": \"/s\"}]}",
                "{\"version\": 1, \"targets\": [{\"name\": \"a b\", \"kind\": \"ray\", \"dashboard\": \"http://h\", \"storage\": \"/s\", \"storage_here\": \"/s\"}]}",
            })
    void aBrokenFileIsNamed(String text) throws IOException {
        Path file = Files.writeString(config.resolve(ClusterRegistry.FILE), text);

        assertThatThrownBy(() -> new ClusterRegistry(config).all())
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"4294967298", "2.9", "\"four\"", "true", "[2]", "-1", "1e0"})
    void aNumberOfNodesOrWorkersIsNotGuessed(String number) throws IOException {
        Path file = config.resolve(ClusterRegistry.FILE);
        Files.writeString(
                file,
                """
                {"version": 1, "targets": [{"name": "queue", "kind": "slurm", "nodes": %s, "ssh": {"host": "login"}, "storage": "/scratch"}]}\
                """
                        .formatted(number));
        Path run = Files.createDirectories(config.resolve("run"));
        Files.writeString(
                run.resolve(JobTicket.FILE),
                """
                {"version": 1, "target": "queue", "id": "lw-20260101-120000-0a1b2c3d", "number": "77", "workers": %s}\
                """
                        .formatted(number));

        assertThatThrownBy(() -> new ClusterRegistry(config).all())
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("\"queue\"", file.toString(), "\"nodes\" is");
        assertThatThrownBy(() -> JobTicket.read(run))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(run.toString(), " for \"workers\"; a whole number of at least 0 is expected");
    }

    @ParameterizedTest
    @CsvSource({
        "host, , host, 0",
        "ada@host, ada, host, 0",
        "ada@host:2222, ada, host, 2222",
        "[::1]:22, , ::1, 22",
        "ada@[fe80::1%eth0], ada, fe80::1%eth0, 0",
        "10.0.0.1, , 10.0.0.1, 0"
    })
    void anAddressIsReadAndWritten(String text, String user, String host, int port) {
        SshAddress address = SshAddress.of("--ssh", text);

        assertThat(address.user()).isEqualTo(Optional.ofNullable(user));
        assertThat(address.host()).isEqualTo(host);
        assertThat(address.port().orElse(0)).isEqualTo(port);
        assertThat(address).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "@host", "a@b@c", "host:", "host:0", "host:70000", "-oProxyCommand=x", "ssh://host", "a b"})
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> SshAddress.of("--ssh", text))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--ssh");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ftp://host", "http://", "http://ada:secret@host:8265", "http://host:8265/?a=b", "a b"})
    void whatIsNoDashboardIsRefused(String text) {
        assertThatThrownBy(() -> ClusterRules.dashboard(text)).isInstanceOf(UserException.class);
    }

    @Test
    void aDashboardNeedsNoScheme() {
        assertThat(ClusterRules.dashboard("head:8265")).isEqualTo(URI.create("http://head:8265"));
        assertThat(ClusterRules.dashboard("https://lab.example/ray/")).hasToString("https://lab.example/ray/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative", "/with blank", "/with'quote", "/a/../b", "/$HOME", ""})
    void aFolderThatAShellWouldReadIsRefused(String path) {
        assertThatThrownBy(() -> new StorageFolder(path, Optional.empty())).isInstanceOf(UserException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "30, true",
        "2:00:00, true",
        "30:00, true",
        "1-12, true",
        "1-12:30, true",
        "2h, false",
        "-1, false",
        "'', false"
    })
    void timesAreThoseOfSlurm(String time, boolean good) {
        if (good) {
            assertThat(request(time).time()).contains(time);
        } else {
            assertThatThrownBy(() -> request(time)).isInstanceOf(UserException.class);
        }
    }

    private static SlurmRequest request(String time) {
        return new SlurmRequest(Optional.empty(), Optional.empty(), Optional.of(time), 1, 0, List.of());
    }

    @Test
    void wordsOfARequestAreNarrow() {
        assertThatThrownBy(() -> new SlurmRequest(
                        Optional.of("gpu; rm -rf"), Optional.empty(), Optional.empty(), 1, 0, List.of()))
                .isInstanceOf(UserException.class);
        assertThatThrownBy(
                        () -> new SlurmRequest(Optional.empty(), Optional.empty(), Optional.empty(), 0, 0, List.of()))
                .isInstanceOf(UserException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "#SBATCH --nodes=2 | would be at odds with the job's own lines",
                "#SBATCH --output=elsewhere | would be at odds with the job's own lines",
                "#SBATCH --arra=0-1 | would be at odds with the job's own lines",
                "#SBATCH --job-nam=x | would be at odds with the job's own lines",
                "#SBATCH --chdi=/tmp | would be at odds with the job's own lines",
                "#SBATCH --e=elsewhere | would be at odds with the job's own lines",
                "#SBATCH --tasks-per-node=4 | would be at odds with the job's own lines",
                "#SBATCH -N 2 | asks nothing of Slurm",
                "#SBATCH --mem=1G; rm -rf | asks nothing of Slurm",
                "#SBATCH | asks nothing of Slurm"
            })
    void linesOfSbatchAreNarrow(String line, String words) {
        assertThatThrownBy(() -> asking(line)).isInstanceOf(UserException.class).hasMessageContaining(words);
    }

    /** Names of options that begin as refused ones do, or with which a refused one begins. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "#SBATCH --gpus=2",
                "#SBATCH --time-min=10",
                "#SBATCH --nodelist=a",
                "#SBATCH --ntasks-per-core=1",
                "#SBATCH --acctg-freq=30",
                "#SBATCH --gpus-per-task=1",
                "#SBATCH --export=ALL"
            })
    void otherOptionsThatBeginAlikeAreAsked(String line) {
        assertThat(asking(line).asked()).containsExactly(line);
    }

    @Test
    void whatElseIsAskedOfTheQueueStandsApart() {
        SlurmRequest request = asking("#SBATCH --mem=64G", "module load cuda", "#SBATCH --exclusive");
        assertThat(request.asked()).containsExactly("#SBATCH --mem=64G", "#SBATCH --exclusive");
        assertThat(request.lines()).containsExactly("module load cuda");
    }

    private static SlurmRequest asking(String... lines) {
        return new SlurmRequest(Optional.empty(), Optional.empty(), Optional.empty(), 1, 0, List.of(lines));
    }

    @Test
    void filesMustGetThereSomehow() {
        assertThatThrownBy(() -> new Cluster.Ray(
                        "ray",
                        URI.create("http://head:8265"),
                        new StorageFolder("/mnt/lab", Optional.empty()),
                        Optional.empty(),
                        "python3"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("SSH host");
    }

    @Test
    void whatSeveralProcessesAddAtOnceIsAllKept() throws Exception {
        Path work = Files.createDirectory(config.resolve("work"));
        Processes.atOnce(Adder.class, 4, work, config.resolve("settings").toString());

        assertThat(new ClusterRegistry(config.resolve("settings")).all())
                .extracting(Cluster::name)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 4)
                        .boxed()
                        .flatMap(process -> IntStream.range(0, 10).mapToObj(i -> "t" + process + "-" + i))
                        .toList());
    }

    /** Adds ten targets of its own. */
    static final class Adder {

        public static void main(String[] arguments) throws Exception {
            ClusterRegistry targets = new ClusterRegistry(Path.of(arguments[2]));
            Processes.ready(Path.of(arguments[0]), arguments[1]);
            for (int i = 0; i < 10; i++) {
                targets.add(slurm("t" + arguments[1] + "-" + i), false);
            }
        }
    }

    @Test
    void clustersOfVersion010AreWrittenAsTheyWere() throws IOException {
        Path folder = EarlierFiles.copy(config).resolve("config");
        String before = Files.readString(folder.resolve(ClusterRegistry.FILE));

        ClusterRegistry targets = new ClusterRegistry(folder);
        targets.replace("shared", targets.get("shared"));
        targets.replace("queue", targets.get("queue"));

        assertThat(folder.resolve(ClusterRegistry.FILE)).hasContent(before);
    }

    @Test
    void aTicketOfVersion010IsWrittenAsItWas() throws IOException {
        Path run = EarlierFiles.copy(config).resolve("run-remote");
        String before = Files.readString(run.resolve(JobTicket.FILE));

        JobTicket ticket = JobTicket.read(run);
        ticket.write(run);

        assertThat(run.resolve(JobTicket.FILE)).hasContent(before);
        assertThat(config.resolve("storage").resolve(ticket.folder())).isDirectory();
    }
}
