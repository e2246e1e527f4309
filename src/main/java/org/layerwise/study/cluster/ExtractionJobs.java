package org.layerwise.study.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileLock;
import org.layerwise.base.file.Folders;
import org.layerwise.remote.JobNotWithdrawnException;
import org.layerwise.remote.JobTicket;
import org.layerwise.remote.RemoteJobs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folder of extractions on clusters. It has one subfolder per job whose result was not fetched, named by the hash of
 * its inputs. The subfolder {@code locks/} has lock files, and {@code fetched/} lists jobs whose files on the cluster can be deleted after some time.
 *
 * @param folder folder of the jobs, which may not exist
 */
record ExtractionJobs(Path folder) {

    private static final Logger LOG = LoggerFactory.getLogger(ExtractionJobs.class);

    private static final String FETCHED = "fetched";
    private static final String LOCKS = "locks";
    private static final Duration KEPT = Duration.ofHours(1);

    /** Returns the jobs that a given job belongs to. */
    static ExtractionJobs of(Path job) {
        return new ExtractionJobs(Folders.parent(job));
    }

    /** Returns the folder of a job. */
    Path of(String key) {
        return folder.resolve(key);
    }

    /**
     * Waits for the right to submit or delete the job of a folder, which one program has at a time. Some jobs share one
     * lock, so that there are few lock files.
     *
     * @param here folder of the job
     */
    FileLock turn(Path here, Progress progress) throws IOException {
        Path locks = folder.resolve(LOCKS);
        Files.createDirectories(locks);
        String name = here.getFileName().toString();
        return FileLock.take(
                locks.resolve(name.substring(0, Math.min(2, name.length()))),
                "Another program hands in the same, or another, job",
                progress);
    }

    /**
     * Submits a new job. Writes its ticket before, so that a repeated request finds the job if the program ends before
     * the cluster has answered.
     *
     * @param here folder of the job's ticket, which is deleted if nothing of the job is left on the cluster
     * @param files folder of the job's files
     */
    static void submit(RemoteJobs open, Path here, JobTicket ticket, Path files, Progress progress) throws IOException {
        Files.createDirectories(here);
        ticket.write(here);
        JobTicket numbered;
        try {
            numbered = open.submit(ticket, files, progress);
        } catch (JobNotWithdrawnException e) {
            throw e; // the cluster may have the job
        } catch (IOException | RuntimeException e) {
            Folders.delete(here);
            throw e;
        }
        numbered.write(here);
    }

    /** Deletes the folder of a job that is not to be followed again, unless it has another job by now. */
    void forget(Path here, JobTicket ticket) throws IOException {
        try (FileLock turn = turn(here, Progress.none())) {
            delete(here, ticket);
        }
    }

    private static void delete(Path here, JobTicket ticket) {
        if (JobTicket.isIn(here) && JobTicket.read(here).id().equals(ticket.id())) {
            Folders.delete(here);
        }
    }

    /**
     * Marks a job as fetched. A later request with the same inputs submits a new job. The files on the cluster are kept
     * for some time, for other programs that follow the same job.
     */
    void archive(Path here, JobTicket ticket) throws IOException {
        try (FileLock turn = turn(here, Progress.none())) {
            archiveInTurn(here, ticket);
        }
    }

    /** Does what {@link #archive} does, for a caller that has the {@link #turn}. */
    void archiveInTurn(Path here, JobTicket ticket) throws IOException {
        Path fetched = folder.resolve(FETCHED).resolve(ticket.id().text());
        Files.createDirectories(fetched);
        ticket.write(fetched);
        delete(here, ticket);
    }

    private static void cleanUp(RemoteJobs open, String target, Path old) throws IOException {
        Path file = old.resolve(JobTicket.FILE);
        if (Files.isRegularFile(file)
                && Files.getLastModifiedTime(file)
                        .toInstant()
                        .isBefore(Instant.now().minus(KEPT))
                && JobTicket.read(old).target().equals(target)) {
            open.delete(JobTicket.read(old));
            Folders.delete(old);
        }
    }

    /** Deletes the files on a cluster of jobs that were fetched some time ago. */
    void cleanUp(RemoteJobs open, String target) throws IOException {
        Path all = folder.resolve(FETCHED);
        if (!Files.isDirectory(all)) {
            return;
        }
        List<Path> folders;
        try (Stream<Path> found = Files.list(all)) {
            folders = found.toList();
        }
        for (Path old : folders) {
            try {
                cleanUp(open, target, old);
            } catch (UserException e) {
                // a failed deletion must not prevent the submission of new jobs
                LOG.warn("{} is left: {}", old, e.getMessage());
            }
        }
    }
}
