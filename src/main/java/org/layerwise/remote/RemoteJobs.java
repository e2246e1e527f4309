package org.layerwise.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.ByteSize;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.TimeLimitedProgress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileLock;
import org.layerwise.base.file.FileTree;
import org.layerwise.base.file.SymbolicLinks;
import org.layerwise.remote.slurm.SlurmQueue;
import org.layerwise.remote.ssh.SshSetup;

/**
 * Jobs of a cluster, as long as the connection is open. An {@link IOException} means that the connection is broken; a
 * caller that follows a job then opens a new instance. Must be used by one thread only.
 */
public final class RemoteJobs implements AutoCloseable {

    private static final String STOP = "stop";

    /** Time in which a job must be withdrawn whose submission was cancelled or has failed. */
    private static final Duration WITHDRAWAL = Duration.ofSeconds(20);

    /** Time in which a scheduler may still take a job although its answer is not awaited any more. */
    private static final Duration LATE = Duration.ofSeconds(2);

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final Cluster target;
    private final SshSetup setup;
    private final ClusterConnection open;
    private final JobStorage storage;
    private final JobScheduler scheduler;

    private RemoteJobs(
            Cluster target, SshSetup setup, ClusterConnection open, JobStorage storage, JobScheduler scheduler) {
        this.target = target;
        this.setup = setup;
        this.open = open;
        this.storage = storage;
        this.scheduler = scheduler;
    }

    /**
     * Connects.
     *
     * @throws UserException if a computer cannot be reached or is not trusted, or the cluster is not the expected one
     * @throws IOException if there is no answer
     */
    public static RemoteJobs open(Cluster target, SshSetup setup, Progress progress) throws IOException {
        ClusterConnection open = ClusterConnection.open(target, setup, progress);
        try {
            JobStorage storage = open.storage();
            if (target instanceof Cluster.Ray ray) {
                return new RemoteJobs(
                        target, setup, open, storage, new RayScheduler(open.ray(), storage, ray.python()));
            }
            SlurmQueue queue = new SlurmQueue(
                    open.connection().orElseThrow(),
                    ((Cluster.Slurm) target).request().clusters());
            return new RemoteJobs(target, setup, open, storage, new SlurmScheduler(queue, storage));
        } catch (IOException | RuntimeException e) {
            open.close();
            throw e;
        }
    }

    /**
     * Makes sure that a job can be sent: the scheduler is supported, and the storage can be written.
     *
     * @throws UserException with the reason if no job can be sent
     */
    public void require(Progress progress) throws IOException {
        scheduler.require(progress);
        storage.requireWritable();
    }

    /**
     * Sends the folder of a job and submits the job. If this is cancelled or fails, a job that the scheduler has taken
     * all the same is ended, and the files that were sent are deleted again.
     *
     * @param ticket ticket without a number, which the caller has written, so that the job can be found if this program
     *     ends before the scheduler's answer
     * @param folder folder whose whole content is sent
     * @return the ticket with its number
     * @throws JobNotWithdrawnException if that is not possible, so that the caller must keep the ticket; its cause is the
     *     failure. After any other exception, nothing of the job is left
     */
    public JobTicket submit(JobTicket ticket, Path folder, Progress progress) throws IOException {
        require(progress.silent());
        try {
            send(ticket, folder, progress.part(0, 0.9));
        } catch (IOException | RuntimeException e) {
            withdraw(() -> storage.delete(ticket.folder()), e);
            throw e;
        }
        progress.report(0.9, "Handing in");
        try {
            return ticket.numbered(scheduler.submit(ticket, 1, progress.silent()));
        } catch (IOException | RuntimeException e) {
            withdraw(() -> withdraw(ticket), e);
            throw e;
        }
    }

    /** Withdrawal of a job. */
    @FunctionalInterface
    private interface Withdrawal {
        void run() throws IOException;
    }

    private void withdraw(Withdrawal withdrawal, Exception cause) {
        try {
            withdrawal.run();
        } catch (IOException | UserException | CancelledException e) {
            throw new JobNotWithdrawnException(target.name(), cause, e);
        }
    }

    /**
     * Ends a job that may have been submitted, and deletes its files. Opens a connection of its own, since a cancelled
     * request closes its connection.
     */
    private void withdraw(JobTicket ticket) throws IOException {
        Progress limited = TimeLimitedProgress.of(WITHDRAWAL);
        try (RemoteJobs anew = open(target, setup, limited)) {
            Progress late = TimeLimitedProgress.of(LATE);
            Optional<String> taken = anew.scheduler.taken(ticket, 1, limited);
            while (taken.isEmpty() && !late.cancelled()) {
                CancellableWait.sleep(LOOK_EVERY, limited);
                taken = anew.scheduler.taken(ticket, 1, limited);
            }
            if (taken.isPresent()) {
                JobTicket job = ticket.numbered(taken.get());
                anew.scheduler.kill(job, limited);
                while (!anew.scheduler.state(job, limited).phase().over()) {
                    CancellableWait.sleep(LOOK_EVERY, limited);
                }
            }
            anew.storage.delete(ticket.folder());
        }
    }

    private void send(JobTicket ticket, Path folder, Progress progress) throws IOException {
        storage.makeFolder(ticket.folder());
        List<Path> files =
                FileTree.paths(folder).stream().filter(Files::isRegularFile).toList();
        long all = 0;
        for (Path file : files) {
            all += Files.size(file);
        }
        String message = "Sending the job to %s, %s".formatted(target.name(), ByteSize.of(all));
        long sent = 0;
        for (Path file : files) {
            String name = folder.relativize(file).toString().replace('\\', '/');
            long size = Files.size(file);
            Progress part =
                    progress.part(all == 0 ? 0 : (double) sent / all, all == 0 ? 1 : (double) (sent + size) / all);
            storage.put(ticket.folder() + "/" + name, file, new OneMessage(message, part));
            sent += size;
        }
    }

    /** Progress that shows one message for all files, since a job has many small files. */
    private record OneMessage(String message, Progress whole) implements Progress {
        @Override
        public void report(double fraction, String words) {
            whole.report(fraction, message);
        }

        @Override
        public boolean cancelled() {
            return whole.cancelled();
        }
    }

    /**
     * Returns a ticket with the number of its job, if the submission had no answer but the scheduler has taken the job.
     */
    public JobTicket numbered(JobTicket ticket, Progress progress) throws IOException {
        return ticket.isNumbered()
                ? ticket
                : scheduler.taken(ticket, 1, progress).map(ticket::numbered).orElse(ticket);
    }

    /**
     * Submits a job again that is over, as {@link #resubmit} does. A job that was never submitted, since the program
     * ended while it sent the job, is sent once more and submitted for the first time.
     *
     * @param phase phase of the job
     * @param unsent folder of the job on this computer; does not exist if the job was submitted
     */
    public JobTicket submitAgain(JobTicket ticket, JobState.Phase phase, Path unsent, Progress progress)
            throws IOException {
        if (ticket.isNumbered() || ticket.deleted() || phase != JobState.Phase.LOST) {
            return resubmit(ticket, ticket.attempt() + 1, progress);
        }
        if (Files.isDirectory(unsent)) {
            send(ticket, unsent, progress.part(0, 0.9));
        }
        return resubmit(ticket, 1, progress.part(0.9, 1));
    }

    /**
     * Submits a job again that was interrupted. The job continues from its last checkpoint, and its earlier results no
     * longer count. If this attempt was already accepted although no answer arrived, the job is not submitted once
     * more.
     *
     * @throws UserException if its folder no longer exists, or an earlier attempt does not end; nothing is deleted then
     */
    public JobTicket resubmit(JobTicket ticket, int attempt, Progress progress) throws IOException {
        require(progress.silent());
        if (ticket.deleted() || !storage.has(ticket.folder())) {
            throw new UserException(
                    "What lay on %s of the job %s was deleted, so it cannot go on; start it anew into another folder."
                            .formatted(target.name(), ticket.id()));
        }
        Optional<String> taken = scheduler.taken(ticket, attempt, progress);
        if (taken.isPresent()) {
            return ticket.numbered(taken.get());
        }
        scheduler.endEarlier(ticket, progress);
        storage.deleteFile(ticket.folder() + "/" + STOP);
        storage.deleteFile(ticket.run() + "/" + JobResults.FILE);
        storage.deleteFile(ticket.run() + "/" + JobWorkers.FILE);
        return ticket.numbered(scheduler.submit(ticket, attempt, progress));
    }

    /** Returns the state of a job. A job that was never submitted counts as lost. */
    public JobState state(JobTicket ticket, Progress progress) throws IOException {
        JobState state = scheduler.state(ticket, progress);
        return ticket.isNumbered() || state.phase() != JobState.Phase.LOST
                ? state
                : new JobState(JobState.Phase.LOST, "The program ended before the job was handed in.");
    }

    /**
     * Returns the reason of a job's failure, without a full stop: the scheduler's message, the last error in the job's
     * log if the message has none, and the storage's error if it cannot be written, which a job cannot report.
     */
    private String failureReason(JobTicket ticket, JobState state, Progress progress) throws IOException {
        StringBuilder why = new StringBuilder(bare(state.words()));
        if (JobLogText.error(state.words()).isEmpty()) {
            JobLogText.error(log(ticket, progress))
                    .map(RemoteJobs::bare)
                    .filter(error -> why.indexOf(error) < 0)
                    .ifPresent(error -> why.append(": ").append(error));
        }
        try {
            storage.requireWritable();
        } catch (UserException e) {
            why.append("; ").append(bare(String.valueOf(e.getMessage())));
        }
        return why.toString();
    }

    /**
     * Returns the reason of a job's failure, over a connection of its own. If this connection fails, returns the
     * scheduler's message, so that the failure of the job is still reported.
     */
    public static String failureReason(
            Cluster target, SshSetup setup, JobTicket ticket, JobState state, Progress progress) {
        try (RemoteJobs jobs = open(target, setup, progress)) {
            return jobs.failureReason(ticket, state, progress);
        } catch (IOException | UserException e) {
            return bare(state.words());
        }
    }

    private static String bare(String sentence) {
        return sentence.replaceAll("\\.$", "");
    }

    /** Returns the output of a job. */
    public String log(JobTicket ticket, Progress progress) throws IOException {
        return scheduler.log(ticket, progress);
    }

    /**
     * Asks a job to stop after the current step and to keep its results. A job that still waits for its turn or for its
     * workers is ended.
     */
    public void stop(JobTicket ticket, Progress progress) throws IOException {
        storage.put(ticket.folder() + "/" + STOP, "stop\n");
        JobState.Phase phase = state(ticket, progress).phase();
        boolean begun = workers(ticket).isPresent();
        if (phase == JobState.Phase.WAITING || phase == JobState.Phase.RUNNING && !begun) {
            scheduler.kill(ticket, progress);
        }
    }

    /** Ends a job at once; has no effect on a job that is over. */
    public void kill(JobTicket ticket, Progress progress) throws IOException {
        scheduler.kill(ticket, progress);
    }

    /** Returns the workers of a job; empty before they have come together. */
    Optional<JobWorkers> workers(JobTicket ticket) throws IOException {
        return JobWorkers.of(storage.text(ticket.run() + "/" + JobWorkers.FILE));
    }

    /** Fetches lines of a file of the run that the copy lacks. */
    RemoteLogTail.News lines(RemoteLogTail mirror, Progress progress) throws IOException {
        return mirror.fetch(storage, progress);
    }

    /**
     * Fetches the results of a run. Each file is checked by its SHA-256, and written completely or not at all.
     *
     * @param into the run's folder on this computer
     * @param wanted the files that may be fetched; all other files of the run stay on the cluster
     * @return the names of the files
     * @throws MissingResultsException if the run has left no results, or they are not visible yet, as over NFS
     * @throws BrokenResultsException if a file is not the one that the run has written
     * @throws UserException if a file cannot be written on this computer, or a link would lead it out of the folder
     */
    public List<String> fetch(JobTicket ticket, Path into, JobOutput wanted, Progress progress) throws IOException {
        String text = storage.text(ticket.run() + "/" + JobResults.FILE);
        if (text.isEmpty()) {
            throw new MissingResultsException(
                    "The job %s on %s has left no results that can be seen here; see its log, and try again in a minute if its folder is on a network disk."
                            .formatted(ticket.id(), target.name()));
        }
        SortedMap<String, JobResults.Written> files =
                JobResults.of(text, ticket, wanted).files();
        SymbolicLinks.requireNone(into, files.keySet());
        int done = 0;
        for (Map.Entry<String, JobResults.Written> file : files.entrySet()) {
            Path target = into.resolve(file.getKey());
            Progress part = progress.part((double) done / files.size(), (done + 1.0) / files.size());
            try (@Nullable
                    FileLock turn =
                            file.getKey().equals(RemoteLogTail.METRICS) ? RemoteLogTail.turn(target, part) : null) {
                fetch(ticket.run() + "/" + file.getKey(), target, file.getValue(), part);
            }
            done++;
        }
        return List.copyOf(files.keySet());
    }

    private void fetch(String relative, Path target, JobResults.Written written, Progress progress) throws IOException {
        try {
            storage.fetch(relative, target, written, progress);
        } catch (BrokenResultsException e) {
            // the transfer may have damaged the file; a file that differs twice is not the one that the run has written
            storage.fetch(relative, target, written, progress);
        }
    }

    /** Returns true if a job has results that can be fetched. */
    public boolean hasResults(JobTicket ticket) throws IOException {
        return storage.has(ticket.run() + "/" + JobResults.FILE);
    }

    /**
     * Deletes the files of a job on the cluster.
     *
     * @throws UserException if Layerwise has not created them
     */
    public void delete(JobTicket ticket) throws IOException {
        delete(ticket, () -> {});
    }

    /**
     * Deletes the files of a job on the cluster.
     *
     * @param begun called once, after the first file was deleted
     * @throws UserException if Layerwise has not created them
     */
    public void delete(JobTicket ticket, Runnable begun) throws IOException {
        storage.delete(ticket.folder(), begun);
    }

    @Override
    public void close() {
        try {
            storage.close();
        } catch (IOException e) {
            // the connection is closed next, with everything that remains of it
        } finally {
            open.close();
        }
    }
}
