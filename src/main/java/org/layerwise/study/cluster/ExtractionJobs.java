package org.layerwise.study.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.remote.JobTicket;
import org.layerwise.remote.RemoteJobs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extractions on clusters that are remembered here: one folder a job that has not been fetched, by what it computes, and
 * {@code fetched/} with those of which a while later nothing is needed there any more.
 *
 * @param folder need not be there
 */
record ExtractionJobs(Path folder) {

    private static final Logger LOG = LoggerFactory.getLogger(ExtractionJobs.class);

    private static final String FETCHED = "fetched";
    private static final Duration KEPT = Duration.ofHours(1);

    /** Those among which a job is remembered. */
    static ExtractionJobs of(Path job) {
        return new ExtractionJobs(job.toAbsolutePath().getParent());
    }

    /** The folder of a job. */
    Path of(String key) {
        return folder.resolve(key);
    }

    /**
     * Nothing more is expected of a job: who asks the same from now on has it computed anew. What lies there stays for a while, for
     * others who follow the same job now.
     */
    void putAway(Path here, JobTicket ticket) throws IOException {
        Path fetched = folder.resolve(FETCHED).resolve(ticket.id().text());
        Files.createDirectories(fetched);
        ticket.write(fetched);
        if (JobTicket.isIn(here) && JobTicket.read(here).id().equals(ticket.id())) {
            WholeFiles.deleteFolder(here);
        }
    }

    private static void cleanUp(RemoteJobs open, String target, Path old) throws IOException {
        Path file = old.resolve(JobTicket.FILE);
        if (Files.isRegularFile(file)
                && Files.getLastModifiedTime(file)
                        .toInstant()
                        .isBefore(Instant.now().minus(KEPT))
                && JobTicket.read(old).target().equals(target)) {
            open.delete(JobTicket.read(old));
            WholeFiles.deleteFolder(old);
        }
    }

    /** Deletes there what was put away a while ago. */
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
                // what cannot be deleted there must not keep new work from being sent
                LOG.warn("{} is left: {}", old, e.getMessage());
            }
        }
    }
}
