package org.layerwise.cli.start;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerwise.base.file.Folders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leftover files and folders of killed processes, some of them of earlier versions, in the folder of temporary files.
 * Other programs write into this folder, too. Therefore only files with names from this program or its DuckDB library
 * are deleted, only those of the same user, and only after a day.
 *
 * @param folder folder of temporary files
 * @param owner owner of the files that may be deleted
 */
record LeftoverFiles(Path folder, UserPrincipal owner) {

    private static final Logger LOG = LoggerFactory.getLogger(LeftoverFiles.class);

    /** Digits that {@link Files} inserts into names of temporary files. Numbers that people choose are shorter. */
    private static final String DIGITS = "\\d{15,20}";

    /**
     * Names of DuckDB's library. It is loaded within a second after it is written, and never again. A process that has
     * loaded it does not need the file any longer.
     */
    private static final Pattern LIBRARY = Pattern.compile("libduckdb_java%s\\.so".formatted(DIGITS));

    /**
     * Names of files that processes of earlier versions may still use. They are deleted only if no other process of
     * this program is running.
     */
    private static final Pattern FILE = Pattern.compile("layerwise-child%s\\.(in|out|err)".formatted(DIGITS));

    /** Names of packages in which earlier versions sent their Python program to Ray. */
    private static final Pattern PACKAGE = Pattern.compile("layerwise%s\\.zip".formatted(DIGITS));

    /** Name of the first file in each such package. */
    private static final String FIRST_IN_PACKAGE = "check.py";

    /** Offset of the low byte of the length of the first name in a ZIP file, in bytes. */
    private static final int ZIP_NAME_LENGTH = 26;

    /** Offset of the first name in a ZIP file, in bytes. */
    private static final int ZIP_NAME = 30;

    /** Names of folders in which earlier versions prepared the files of a job. */
    private static final Pattern JOB = Pattern.compile("layerwise-job" + DIGITS);

    /** Names of finished and unfinished files and folders that earlier versions wrote into the folder of a job. */
    private static final Pattern IN_JOB =
            Pattern.compile("(job|results|metrics\\.jsonl)|\\.(job|results|metrics\\.jsonl)\\.part.+");

    private static final Duration AGE = Duration.ofDays(1);

    /**
     * Deletes the leftover files. Files that cannot be deleted are kept.
     *
     * @param alone true if no other process of this program is running
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
                    Folders.delete(path);
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
                    || alone && FILE.matcher(name).matches()
                    || alone && PACKAGE.matcher(name).matches() && isPackage(path);
        }
        return alone
                && JOB.matcher(name).matches()
                && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                && isJob(path);
    }

    private static boolean isPackage(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String start = new String(in.readNBytes(ZIP_NAME + FIRST_IN_PACKAGE.length()), StandardCharsets.ISO_8859_1);
            return start.startsWith("PK\3\4")
                    && start.endsWith(FIRST_IN_PACKAGE)
                    && start.charAt(ZIP_NAME_LENGTH) == FIRST_IN_PACKAGE.length();
        }
    }

    private static boolean isJob(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.allMatch(
                    path -> IN_JOB.matcher(path.getFileName().toString()).matches());
        }
    }
}
