package org.layerwise.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.ByteSize;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileLock;
import org.layerwise.base.file.SymbolicLinks;
import org.layerwise.remote.slurm.SlurmQueue;
import org.layerwise.remote.ssh.SshSetup;

/**
 * Jobs of a cluster, as long as the connection is open. An {@link IOException} means that the connection is broken; a
 * caller that follows a job then opens a new instance. Must be used by one thread only.
 */
public final class RemoteJobs implements AutoCloseable {

    private static final String STOP = "stop";

    private final Cluster target;
    private final ClusterConnection open;
    private final JobStorage storage;
    private final JobScheduler scheduler;

    private RemoteJobs(Cluster target, ClusterConnection open, JobStorage storage, JobScheduler scheduler) {
        this.target = target;
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
                return new RemoteJobs(target, open, storage, new RayScheduler(open.ray(), storage, ray.python()));
            }
            SlurmQueue queue = new SlurmQueue(open.connection().orElseThrow());
            return new RemoteJobs(target, open, storage, new SlurmScheduler(queue, storage));
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
     * Sends the folder of a job and submits the job. If it is refused, the files that were sent are deleted again.
     *
     * @param folder folder whose whole content is sent
     */
    public JobTicket submit(JobId id, Path folder, WorkerCount workers, Progress progress) throws IOException {
        require(progress.silent());
        JobTicket ticket = new JobTicket(target.name(), id, "", workers);
        try {
            storage.makeFolder(ticket.folder());
            send(ticket, folder, progress.part(0, 0.9));
            progress.report(0.9, "Handing in");
            return ticket.numbered(scheduler.submit(ticket, 1, progress.silent()));
        } catch (IOException | RuntimeException e) {
            try {
                storage.delete(ticket.folder());
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private void send(JobTicket ticket, Path folder, Progress progress) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files = found.filter(Files::isRegularFile).sorted().toList();
        }
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

    /** Returns the state of a job. */
    public JobState state(JobTicket ticket, Progress progress) throws IOException {
        return scheduler.state(ticket, progress);
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
