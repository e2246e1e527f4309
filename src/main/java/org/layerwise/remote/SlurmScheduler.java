package org.layerwise.remote;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.Progress;
import org.layerwise.remote.slurm.SlurmQueue;
import org.layerwise.remote.slurm.SlurmState;

/**
 * Scheduler that runs jobs as batch jobs of a Slurm queue.
 *
 * @param visible maximum time until a file that a node has written is visible on other computers, as over NFS
 */
record SlurmScheduler(SlurmQueue queue, JobStorage storage, Duration visible) implements JobScheduler {

    private static final int MOST_LOG = 1 << 20;

    private static final Duration VISIBLE = Duration.ofMinutes(1);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    SlurmScheduler(SlurmQueue queue, JobStorage storage) {
        this(queue, storage, VISIBLE);
    }

    @Override
    public void require(Progress progress) {
        queue.version(progress);
    }

    @Override
    public String submit(JobTicket ticket, int attempt, Progress progress) throws IOException {
        storage.deleteFile(ticket.folder() + "/exit");
        return queue.submit(storage.there(ticket.folder()), JobProgram.SBATCH, progress);
    }

    @Override
    public Optional<String> taken(JobTicket ticket, int attempt, Progress progress) {
        return queue.jobIn(storage.there(ticket.folder()), progress);
    }

    /** Has no effect: {@link #taken} finds an attempt that still runs, whatever its number. */
    @Override
    public void endEarlier(JobTicket ticket, Progress progress) {}

    @Override
    public JobState state(JobTicket ticket, Progress progress) throws IOException {
        Optional<SlurmState> known = number(ticket, progress)
                .flatMap(number -> queue.state(number, storage.there(ticket.folder()), progress));
        if (known.filter(SlurmState::isPending).isPresent()) {
            return new JobState(JobState.Phase.WAITING, words(known.get()));
        }
        if (known.filter(SlurmState::isRunning).isPresent()) {
            return new JobState(JobState.Phase.RUNNING, words(known.get()));
        }
        // the exit code that the script has left is available for longer than Slurm's record
        String exit =
                known.filter(state -> state.word().equals(SlurmState.COMPLETED)).isPresent()
                        ? awaitExit(ticket, progress)
                        : exit(ticket);
        if (!exit.isEmpty()) {
            return exit.equals("0")
                    ? new JobState(JobState.Phase.DONE, "completed")
                    : new JobState(
                            JobState.Phase.FAILED, broken("the program ended with " + exit, log(ticket, progress)));
        }
        if (known.isEmpty()) {
            return new JobState(JobState.Phase.LOST, "the queue does not know the job any more");
        }
        SlurmState state = known.get();
        if (!state.over()) { // it may still run, as on another cluster of a federation when it is REVOKED on this one
            return new JobState(
                    JobState.Phase.RUNNING,
                    words(state) + ", a state that Layerwise does not know; it waits for the job's end");
        }
        if (state.cutOff()) {
            return new JobState(JobState.Phase.CUT_OFF, state.word().toLowerCase(Locale.ROOT));
        }
        return state.word().equals("CANCELLED")
                ? new JobState(JobState.Phase.STOPPED, words(state))
                : new JobState(JobState.Phase.FAILED, broken(words(state), log(ticket, progress)));
    }

    /** Returns the number of a job; empty if its submission had no answer, and it neither waits nor runs. */
    private Optional<String> number(JobTicket ticket, Progress progress) {
        return ticket.isNumbered() ? Optional.of(ticket.number()) : taken(ticket, 1, progress);
    }

    private String exit(JobTicket ticket) throws IOException {
        return JobLogText.line(storage.text(ticket.folder() + "/exit"));
    }

    /**
     * Waits for the exit code of a completed job, whose script has written it but may not be visible yet. Does not wait
     * if the job's folder was deleted, since no code can appear there.
     */
    private String awaitExit(JobTicket ticket, Progress progress) throws IOException {
        long end = System.nanoTime() + visible.toNanos();
        String exit = exit(ticket);
        while (exit.isEmpty() && storage.has(ticket.folder()) && System.nanoTime() - end < 0) {
            CancellableWait.sleep(LOOK_EVERY.compareTo(visible) < 0 ? LOOK_EVERY : visible, progress);
            exit = exit(ticket);
        }
        return exit;
    }

    private static String broken(String how, String log) {
        String reason = JobLogText.reason(log);
        return reason.isEmpty() ? how : how + ": " + reason;
    }

    private static String words(SlurmState state) {
        String word = state.word().toLowerCase(Locale.ROOT);
        return state.reason().isEmpty() ? word : "%s (%s)".formatted(word, state.reason());
    }

    @Override
    public String log(JobTicket ticket, Progress progress) throws IOException {
        byte[] last = storage.tail(ticket.folder() + "/job.log", MOST_LOG);
        return JobLogText.plain(new String(last, StandardCharsets.UTF_8));
    }

    @Override
    public void kill(JobTicket ticket, Progress progress) {
        number(ticket, progress).ifPresent(number -> queue.cancel(number, storage.there(ticket.folder()), progress));
    }
}
