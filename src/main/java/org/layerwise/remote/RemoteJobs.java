package org.layerwise.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.layerwise.base.ByteWords;
import org.layerwise.base.Progress;
import org.layerwise.base.SymbolicLinks;
import org.layerwise.base.UserException;
import org.layerwise.remote.slurm.SlurmQueue;
import org.layerwise.remote.ssh.SshSetup;

/**
 * The jobs of a place, as long as the connection stands. An {@link IOException} says that the way there is broken: whoever follows a
 * job then opens another one of these. Safe for one thread.
 */
public final class RemoteJobs implements AutoCloseable {

    private static final String STOP = "stop";

    private final Target target;
    private final OpenTarget open;
    private final Storage storage;
    private final Scheduler scheduler;

    private RemoteJobs(Target target, OpenTarget open, Storage storage, Scheduler scheduler) {
        this.target = target;
        this.open = open;
        this.storage = storage;
        this.scheduler = scheduler;
    }

    /**
     * Connects.
     *
     * @throws UserException if a computer cannot be reached or is not trusted, or the place is another than was thought
     * @throws IOException if there is no answer
     */
    public static RemoteJobs open(Target target, SshSetup setup, Progress progress) throws IOException {
        OpenTarget open = OpenTarget.open(target, setup, progress);
        try {
            Storage storage = open.storage();
            if (target instanceof Target.Ray ray) {
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
     * Makes sure that a job can be sent: the scheduler is one that is known here, and the storage can be written.
     *
     * @throws UserException if not, with the reason
     */
    public void require(Progress progress) throws IOException {
        scheduler.require(progress);
        storage.requireWritable();
    }

    /**
     * Sends the folder of a job and hands it in. What was sent of a job that is not taken is deleted again.
     *
     * @param folder all of it is sent
     */
    public JobTicket submit(JobId id, Path folder, Workers workers, Progress progress) throws IOException {
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
        String message = "Sending the job to %s, %s".formatted(target.name(), ByteWords.of(all));
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

    /** A job has many small files, of which nobody wants a line each. */
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
     * Hands a job in again that was cut off: it goes on from its last checkpoint, and what it came to before is no result. One that was
     * taken before, although no answer said so, is not handed in once more.
     *
     * @throws UserException if its folder is there no more
     */
    public JobTicket again(JobTicket ticket, int attempt, Progress progress) throws IOException {
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
        storage.deleteFile(ticket.folder() + "/" + STOP);
        storage.deleteFile(ticket.run() + "/" + JobResults.FILE);
        storage.deleteFile(ticket.run() + "/" + JobWorkers.FILE);
        return ticket.numbered(scheduler.submit(ticket, attempt, progress));
    }

    /** How a job is. */
    public JobState state(JobTicket ticket, Progress progress) throws IOException {
        return scheduler.state(ticket, progress);
    }

    /**
     * Why a job broke, without a full stop: the scheduler's words, the last error in its log where these have none, and the storage's
     * where that cannot be written, of which a job cannot tell.
     */
    private String why(JobTicket ticket, JobState state, Progress progress) throws IOException {
        StringBuilder why = new StringBuilder(bare(state.words()));
        if (JobWords.error(state.words()).isEmpty()) {
            JobWords.error(log(ticket, progress))
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

    /** The same over a connection of its own; the scheduler's words if that breaks: it shall not hide that the job has failed. */
    public static String why(Target target, SshSetup setup, JobTicket ticket, JobState state, Progress progress) {
        try (RemoteJobs jobs = open(target, setup, progress)) {
            return jobs.why(ticket, state, progress);
        } catch (IOException | UserException e) {
            return bare(state.words());
        }
    }

    private static String bare(String sentence) {
        return sentence.replaceAll("\\.$", "");
    }

    /** What it has printed. */
    public String log(JobTicket ticket, Progress progress) throws IOException {
        return scheduler.log(ticket, progress);
    }

    /**
     * Asks a job to stop after the step in hand and to keep what it has; one that still waits, for its turn or for its workers, is
     * ended.
     */
    public void stop(JobTicket ticket, Progress progress) throws IOException {
        storage.put(ticket.folder() + "/" + STOP, "stop\n");
        JobState.Phase phase = state(ticket, progress).phase();
        boolean begun = workers(ticket).isPresent();
        if (phase == JobState.Phase.WAITING || phase == JobState.Phase.RUNNING && !begun) {
            scheduler.kill(ticket, progress);
        }
    }

    /** Ends a job at once; one that is over is left as it is. */
    public void kill(JobTicket ticket, Progress progress) throws IOException {
        scheduler.kill(ticket, progress);
    }

    /** Who works at it; empty before they have come together. */
    Optional<JobWorkers> workers(JobTicket ticket) throws IOException {
        return JobWorkers.of(storage.text(ticket.run() + "/" + JobWorkers.FILE));
    }

    /** Fetches lines of a file of the run that are not here yet. */
    MirroredLines.News lines(MirroredLines mirror) throws IOException {
        return mirror.fetch(storage);
    }

    /**
     * Fetches what a run came to, each file checked by its SHA-256 and whole or not there.
     *
     * @param into the run's folder here
     * @param wanted the files that may come; whatever else the run has left stays there
     * @return the names of the files
     * @throws UserException if the run has left none, a file is not what was written there, or a link here would lead it elsewhere
     */
    public List<String> fetch(JobTicket ticket, Path into, JobOutput wanted, Progress progress) throws IOException {
        String text = storage.text(ticket.run() + "/" + JobResults.FILE);
        if (text.isEmpty()) {
            throw new UserException(
                    "The job %s on %s has left no results; see its log.".formatted(ticket.id(), target.name()));
        }
        SortedMap<String, JobResults.Written> files =
                JobResults.of(text, ticket, wanted).files();
        SymbolicLinks.requireNone(into, files.keySet());
        int done = 0;
        for (Map.Entry<String, JobResults.Written> file : files.entrySet()) {
            storage.fetch(
                    ticket.run() + "/" + file.getKey(),
                    into.resolve(file.getKey()),
                    file.getValue(),
                    progress.part((double) done / files.size(), (done + 1.0) / files.size()));
            done++;
        }
        return List.copyOf(files.keySet());
    }

    /** Whether a job has come to something that can be fetched. */
    public boolean hasResults(JobTicket ticket) throws IOException {
        return storage.has(ticket.run() + "/" + JobResults.FILE);
    }

    /**
     * Makes sure that the folder of a job may be deleted.
     *
     * @throws UserException if this program has not made it
     */
    public void requireMade(JobTicket ticket) throws IOException {
        storage.requireMade(ticket.folder());
    }

    /**
     * Deletes what lies there of a job.
     *
     * @throws UserException if this program has not made it
     */
    public void delete(JobTicket ticket) throws IOException {
        storage.delete(ticket.folder());
    }

    @Override
    public void close() {
        try {
            storage.close();
        } catch (IOException e) {
            // the connection is closed next, with all that is left of it
        } finally {
            open.close();
        }
    }
}
