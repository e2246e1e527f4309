package org.layerwise.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerwise.base.WholeFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files and folders that processes that were killed, some of them of earlier versions, have left in the folder of temporary files. Others write there,
 * too: only names that this program or its library of DuckDB gives are deleted, only of the same user, and only after a day.
 *
 * @param folder of temporary files
 * @param owner whose files may be deleted
 */
record TemporaryLeftovers(Path folder, UserPrincipal owner) {

    private static final Logger LOG = LoggerFactory.getLogger(TemporaryLeftovers.class);

    /** The digits that {@link Files} puts into names of temporary files; a number that somebody gave is shorter. */
    private static final String DIGITS = "\\d{15,20}";

    /** Loaded within a second of being written, and never again: whoever has loaded it does not miss its name. */
    private static final Pattern LIBRARY = Pattern.compile("libduckdb_java%s\\.so".formatted(DIGITS));

    /** Names of files and folders that work of earlier versions may still use: deleted only when no other process of this program runs. */
    private static final Pattern FILE =
            Pattern.compile("layerwise-child%1$s\\.(in|out|err)|layerwise%1$s\\.zip".formatted(DIGITS));

    /** Names of folders in which earlier versions put the files of a job together. */
    private static final Pattern JOB = Pattern.compile("layerwise-job" + DIGITS);

    /** Names of files and folders that earlier versions wrote into such a folder, whole or not yet. */
    private static final Pattern IN_JOB =
            Pattern.compile("(job|results|metrics\\.jsonl)|\\.(job|results|metrics\\.jsonl)\\.part.+");

    private static final Duration AGE = Duration.ofDays(1);

    /**
     * Deletes them. What cannot be deleted stays.
     *
     * @param alone whether no other process of this program runs
     * @throws IOException if the folder cannot be listed
     */
    void sweep(boolean alone) throws IOException {
        Instant before = Instant.now().minus(AGE);
        List<Path> found;
        try (Stream<Path> paths = Files.list(folder)) {
            found = paths.toList();
        }
        for (Path path : found) {
            try {
                if (isOne(path, alone)
                        && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(owner)
                        && Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                                .toInstant()
                                .isBefore(before)) {
                    WholeFiles.deleteFolder(path);
                    LOG.info("deleted {}, which a process that was killed had left", path);
                }
            } catch (IOException | UncheckedIOException | UnsupportedOperationException e) {
                LOG.debug("{} stays", path, e);
            }
        }
    }

    private static boolean isOne(Path path, boolean alone) throws IOException {
        String name = path.getFileName().toString();
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return LIBRARY.matcher(name).matches()
                    || alone && FILE.matcher(name).matches();
        }
        return alone
                && JOB.matcher(name).matches()
                && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                && isJob(path);
    }

    private static boolean isJob(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.allMatch(
                    path -> IN_JOB.matcher(path.getFileName().toString()).matches());
        }
    }
}
