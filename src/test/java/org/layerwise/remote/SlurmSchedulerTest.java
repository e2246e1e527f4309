package org.layerwise.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.remote.slurm.SlurmQueue;
import org.layerwise.remote.slurm.SlurmRequest;
import org.layerwise.remote.ssh.KnownHosts;
import org.layerwise.remote.ssh.SshAccess;
import org.layerwise.remote.ssh.SshAddress;
import org.layerwise.remote.ssh.SshConnection;
import org.layerwise.remote.ssh.SshHost;
import org.layerwise.remote.ssh.SshSetup;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.PlainSsh;

/** Jobs of a Slurm whose commands are scripts, over SSH. */
@Timeout(60)
class SlurmSchedulerTest {

    private static final JobTicket TICKET =
            new JobTicket("lab", new JobId("lw-20260101-120000-0a1b2c3d"), "77", new WorkerCount(1, false));

    @TempDir
    Path folder;

    private SshHost host;
    private SshConnection connection;
    private SshAccess access;
    private SshSetup setup;
    private JobStorage storage;
    private JobScheduler scheduler;

    @BeforeEach
    void start() throws Exception {
        KeyPair user = SshHost.key("ssh-ed25519");
        KeyPair shown = SshHost.key("ssh-ed25519");
        host = new SshHost(shown);
        host.allow(user);
        host.findCommandsIn(Files.createDirectories(folder.resolve("bin")));
        Path ssh = Files.createDirectories(folder.resolve("ssh"));
        SshHost.write(ssh.resolve("id_ed25519"), user, null);
        Path known = Files.writeString(
                folder.resolve("known_hosts"),
                "[127.0.0.1]:%s %s%n".formatted(host.port(), PublicKeyEntry.toString(shown.getPublic())));
        setup = new SshSetup(
                ssh, Optional.empty(), new KnownHosts(List.of(), known), PlainSsh.unanswered(), Duration.ofSeconds(10));
        access = PlainSsh.to(new SshAddress(Optional.of("ada"), "127.0.0.1", OptionalInt.of(host.port())));
        connection = SshConnection.open(access, setup, Progress.none());
        storage = JobStorage.shared(
                new StorageFolder("/scratch/ada", Optional.of(folder.resolve("storage"))), folder.resolve("storage"));
        storage.makeFolder(TICKET.folder());
        scheduler = new SlurmScheduler(new SlurmQueue(connection, Optional.empty()), storage, Duration.ofMillis(10));
    }

    @AfterEach
    void stop() throws IOException {
        connection.close();
        host.close();
    }

    private void command(String name, String script) throws IOException {
        Path file = Files.writeString(folder.resolve("bin").resolve(name), "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** Slurm tells of a job in one line, of which this is enough. */
    private void tell(String id, String state, String workDir) throws IOException {
        command(
                "scontrol",
                "echo 'JobId=%s JobName=layerwise UserId=ada(1000) JobState=%s Reason=None Comment=JobState=FAILED WorkDir=%s StdErr=%s/job.log'"
                        .formatted(id, state, workDir, workDir));
    }

    private JobState state() throws IOException {
        return scheduler.state(TICKET, Progress.none());
    }

    /** The answer of sbatch is lost, as its connection is; another one ends the job. */
    @Test
    void aJobThatIsTakenWhileItIsCancelledIsEnded() throws IOException {
        Path here = folder.resolve("storage");
        Path job = here.resolve(TICKET.folder());
        Path taken = folder.resolve("taken");
        Path ended = folder.resolve("ended");
        command(
                "sbatch",
                "[ $1 = --version ] && echo slurm 22.05.8 && exit; touch %s; sleep 5; echo 77".formatted(taken));
        command("squeue", "[ ! -e %s ] || echo '77|%s'".formatted(taken, job));
        command("scancel", "touch " + ended);
        command(
                "scontrol",
                "[ -e %s ] && s=CANCELLED || s=RUNNING; echo JobId=77 JobState=$s WorkDir=%s".formatted(ended, job));
        Cluster.Slurm lab = new Cluster.Slurm(
                "lab", access, new StorageFolder(here.toString(), Optional.of(here)), "python3", SlurmRequest.ONE_NODE);
        JobTicket ticket = new JobTicket("lab", TICKET.id(), "", TICKET.workers());
        Path files = Files.createDirectories(folder.resolve("files"));
        Files.writeString(files.resolve("job.sbatch"), "");
        try (RemoteJobs jobs = RemoteJobs.open(lab, setup, Progress.none())) {
            Progress leaving = CancelledProgress.when(() -> Files.exists(taken));
            assertThatThrownBy(() -> jobs.submit(ticket, files, leaving)).isInstanceOf(CancelledException.class);
        }
        assertThat(ended).exists();
        assertThat(job).doesNotExist();
    }

    @Test
    void aJobWithoutANumberIsFoundByItsFolder() throws IOException {
        JobTicket unanswered = new JobTicket("lab", TICKET.id(), "", TICKET.workers());
        String there = storage.there(TICKET.folder());
        command("squeue", "echo '78|%s'".formatted(there));
        tell("78", "RUNNING", there);
        command("scancel", "echo $1 > %s/cancelled".formatted(folder));
        assertThat(scheduler.state(unanswered, Progress.none()).phase()).isEqualTo(JobState.Phase.RUNNING);
        scheduler.kill(unanswered, Progress.none());
        assertThat(folder.resolve("cancelled")).hasContent("78");

        command("squeue", ":");
        assertThat(scheduler.state(unanswered, Progress.none()).phase()).isEqualTo(JobState.Phase.LOST);
        scheduler.kill(unanswered, Progress.none());
        storage.put(TICKET.folder() + "/exit", "0\n");
        assertThat(scheduler.state(unanswered, Progress.none()).phase()).isEqualTo(JobState.Phase.DONE);
    }

    /** All that Slurm 25.05 documents, and some that it does not. */
    @ParameterizedTest
    @CsvSource({
        "PENDING, WAITING",
        "CONFIGURING, WAITING",
        "POWER_UP_NODE, WAITING",
        "EXPEDITING, WAITING",
        "REQUEUED, WAITING",
        "REQUEUE_HOLD, WAITING",
        "REQUEUE_FED, WAITING",
        "RESV_DEL_HOLD, WAITING",
        "SPECIAL_EXIT, WAITING",
        "RUNNING, RUNNING",
        "COMPLETING, RUNNING",
        "RESIZING, RUNNING",
        "SIGNALING, RUNNING",
        "STAGE_OUT, RUNNING",
        "STOPPED, RUNNING",
        "SUSPENDED, RUNNING",
        "REVOKED, RUNNING",
        "LAUNCH_FAILED, RUNNING",
        "RECONFIG_FAIL, RUNNING",
        "UPDATE_DB, RUNNING",
        "WHAT, RUNNING",
        "TIMEOUT, CUT_OFF",
        "NODE_FAIL, CUT_OFF",
        "PREEMPTED, CUT_OFF",
        "BOOT_FAIL, CUT_OFF",
        "DEADLINE, CUT_OFF",
        "CANCELLED, STOPPED",
        "COMPLETED, FAILED",
        "FAILED, FAILED",
        "OUT_OF_MEMORY, FAILED"
    })
    void onlyWhatSlurmCallsAnEndIsOne(String word, JobState.Phase phase) throws IOException {
        tell("77", word, "/mnt/my scratch/jobs/" + TICKET.id());

        assertThat(state().phase()).isEqualTo(phase);
    }

    /** As over NFS, which shows a file some seconds after another computer has written it. */
    @Test
    void theExitCodeOfACompletedJobIsAwaited() throws Exception {
        tell("77", "COMPLETED", "/scratch/ada/jobs/" + TICKET.id());
        scheduler = new SlurmScheduler(new SlurmQueue(connection, Optional.empty()), storage, Duration.ofSeconds(30));
        CompletableFuture<Void> later = CompletableFuture.runAsync(
                () -> {
                    try {
                        storage.put(TICKET.folder() + "/exit", "0\n");
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));

        assertThat(state().phase()).isEqualTo(JobState.Phase.DONE);
        later.get();
    }

    @Test
    void noExitCodeIsAwaitedInAFolderThatWasDeleted() throws IOException {
        tell("77", "COMPLETED", "/scratch/ada/jobs/" + TICKET.id());
        storage.delete(TICKET.folder());
        scheduler = new SlurmScheduler(new SlurmQueue(connection, Optional.empty()), storage, Duration.ofSeconds(30));
        long begun = System.nanoTime();

        assertThat(state().phase()).isEqualTo(JobState.Phase.FAILED);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void anUnknownStateIsToldAndEndsWithTheJob() throws IOException {
        tell("77", "WHAT", "/scratch/ada/jobs/" + TICKET.id());
        assertThat(state().words()).startsWith("what, a state that Layerwise does not know");

        storage.put(TICKET.folder() + "/exit", "0\n");
        assertThat(state().phase()).isEqualTo(JobState.Phase.DONE);

        storage.deleteFile(TICKET.folder() + "/exit");
        command("scontrol", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1");
        assertThat(state().phase()).isEqualTo(JobState.Phase.LOST);
    }

    @ParameterizedTest
    @CsvSource({"'',''", "'<html>Log in</html>',''", "78,RUNNING", "7,FAILED", "77,''"})
    void anAnswerThatTellsNothingOfTheJobEndsNothing(String id, String state) throws IOException {
        tell(id, state, "/scratch/ada/jobs/" + TICKET.id());

        assertThatThrownBy(this::state).isInstanceOf(UserException.class).hasMessageContaining("tell of the job 77");
    }

    @Test
    void aNumberThatSlurmHasGivenToAnotherJobIsLeftAlone() throws IOException {
        Path ended = folder.resolve("ended");
        command("scancel", "echo \"$@\" >" + ended);
        tell("77", "RUNNING", "/home/ada/thesis");

        scheduler.kill(TICKET, Progress.none());

        assertThat(ended).doesNotExist();
        assertThat(state().phase()).isEqualTo(JobState.Phase.LOST);
        tell("77", "RUNNING", "/real/scratch/ada/jobs/" + TICKET.id());
        scheduler.kill(TICKET, Progress.none());
        assertThat(ended).hasContent("77");
    }

    /** As of a hostile computer: searching this once for each folder that it names takes an hour and hears no cancel. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anAnswerWithManyFoldersIsReadOnce() throws IOException {
        Path answer = folder.resolve("answer");
        Files.writeString(answer, "JobId=77 JobState=RUNNING" + " WorkDir=/elsewhere".repeat(150_000) + "\n");
        command("scontrol", "cat " + answer);

        assertThat(state().phase()).isEqualTo(JobState.Phase.LOST);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, ''",
        "'', ''",
        "$(id), ''",
        "'77 78', ''",
        "1000000000000000000000000000000, ''",
        "'77;lab', 77;lab",
        "'77;touch x', ''",
        "78, 78"
    })
    void onlyANumberIsTheNumberOfAJob(String printed, String number) throws IOException {
        command("sbatch", "printf '%s\\n' '" + printed + "'");
        SlurmQueue queue = new SlurmQueue(connection, Optional.empty());
        String there = folder.resolve("storage").resolve(TICKET.folder()).toString();

        if (number.isEmpty()) {
            assertThatThrownBy(() -> queue.submit(there, "job.sbatch", Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("take the job");
        } else {
            assertThat(queue.submit(there, "job.sbatch", Progress.none())).isEqualTo(number);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Welcome to the queue!\n102", "102;gpu\n\nWelcome to the queue!"})
    void aNumberAmongOtherLinesIsToldWithThem(String printed) throws IOException {
        command("sbatch", "printf '%s\\n' '" + printed + "'");
        SlurmQueue queue = new SlurmQueue(connection, Optional.empty());
        String there = folder.resolve("storage").resolve(TICKET.folder()).toString();

        assertThatThrownBy(() -> queue.submit(there, "job.sbatch", Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("more than the number of a job", "(\"Welcome to the queue!\")");
    }

    /** Slurm with several clusters knows a job only where -M names its cluster. */
    @Test
    void aJobOnAnotherClusterIsFollowedFoundAndEndedThere() throws IOException {
        String there = storage.there(TICKET.folder());
        Path ended = folder.resolve("ended");
        command("sbatch", "echo '77;gpu'");
        command(
                "squeue",
                "[ \"$1 $2\" = '-M gpu,cpu' ] && printf 'CLUSTER: cpu\\nCLUSTER: gpu\\n77|%s\\n'".formatted(there));
        command(
                "scontrol",
                "[ \"$1 $2\" = '-M gpu' ] || { echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1; }; echo JobId=77 JobState=RUNNING WorkDir="
                        + there);
        command("scancel", "echo \"$*\" > " + ended);
        SlurmRequest request = new SlurmRequest(
                Optional.empty(), Optional.empty(), Optional.empty(), 1, 0, List.of("#SBATCH --clusters=gpu,cpu"));
        SlurmQueue queue = new SlurmQueue(connection, request.clusters());
        JobScheduler several = new SlurmScheduler(queue, storage, Duration.ofMillis(10));
        String here = folder.resolve("storage").resolve(TICKET.folder()).toString();

        JobTicket ticket = TICKET.numbered(queue.submit(here, "job.sbatch", Progress.none()));

        assertThat(several.state(ticket, Progress.none()).phase()).isEqualTo(JobState.Phase.RUNNING);
        assertThat(several.taken(ticket, 1, Progress.none())).contains("77;gpu");
        several.kill(ticket, Progress.none());
        assertThat(ended).hasContent("-M gpu 77");
    }

    /** As of an sbatch that says that it has timed out, when Slurm has taken the job. */
    @Test
    void aJobThatWasTakenWithoutAnAnswerIsFound() throws IOException {
        Path queue = folder.resolve("queue");
        Files.writeString(
                queue, "5|/home/ada/thesis\n76|/scratch/ada/jobs/lw-20260101-120000-ffffffff\nsqueue: a remark\n");
        command("squeue", "cat " + queue);
        assertThat(scheduler.taken(TICKET, 2, Progress.none())).isEmpty();

        Files.writeString(queue, " 78|/mnt/my scratch/jobs/" + TICKET.id() + "\n", StandardOpenOption.APPEND);
        assertThat(scheduler.taken(TICKET, 2, Progress.none())).contains("78");

        command("squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1");
        assertThatThrownBy(() -> scheduler.taken(TICKET, 2, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("did not list its jobs");
    }
}
