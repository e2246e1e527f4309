package org.layerwise.cli.start;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerwise.base.file.Folders;
import org.layerwise.base.file.TemporaryFileJournal;
import org.slf4j.LoggerFactory;

/** Deletes leftover files of killed processes of this program when the program starts. */
public final class StartupCleanup {

    /**
     * Names of folders into which DJL unpacks libraries for a few seconds before it moves them to their final place.
     */
    private static final Pattern HALF_UNPACKED = Pattern.compile("tmp\\d+");

    private static final Duration LONGEST_UNPACKING = Duration.ofHours(1);

    /**
     * Maximum time that a command waits at its end for the deletion. Deleting the folder of a large model takes longer;
     * the next start continues with it.
     */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private StartupCleanup() {}

    /**
     * Starts the journal of this process, and deletes leftover files in the background.
     *
     * @return thread that deletes the files
     */
    public static Thread begin(Path cache) {
        Path journals = cache.resolve("running");
        try {
            TemporaryFileJournal.ofProcess().begin(journals);
        } catch (IOException e) { // code that needs the folder reports the error to the user
            LoggerFactory.getLogger(StartupCleanup.class).warn("leftovers of this process will stay", e);
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        Thread thread = new Thread(
                () -> {
                    sweep(cache, journals);
                    sweepTemporary(temporary, journals);
                },
                "sweep leftovers");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    public static void await(Thread thread) {
        try {
            thread.join(LONGEST_WAIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void sweep(Path cache, Path journals) {
        TemporaryFileJournal.ofProcess().sweep(journals);
        try {
            if (Files.isDirectory(journals) && TemporaryFileJournal.ofProcess().alone(journals)) {
                sweepUnpacked(cache.resolve("djl"));
            }
        } catch (IOException | UncheckedIOException e) {
            LoggerFactory.getLogger(StartupCleanup.class).warn("half-unpacked libraries stay", e);
        }
    }

    /**
     * Deletes leftover temporary files.
     *
     * @param temporary folder of temporary files
     * @param journals folder of the journals, whose owner is this user
     */
    static void sweepTemporary(Path temporary, Path journals) {
        try {
            new LeftoverFiles(temporary, Files.getOwner(journals))
                    .sweep(TemporaryFileJournal.ofProcess().alone(journals));
        } catch (IOException | UncheckedIOException | UnsupportedOperationException e) {
            LoggerFactory.getLogger(StartupCleanup.class).warn("leftovers in {} stay", temporary, e);
        }
    }

    /**
     * Deletes half-unpacked libraries. New folders are kept, since another start of the program may be unpacking into
     * them.
     */
    private static void sweepUnpacked(Path libraries) throws IOException {
        if (!Files.isDirectory(libraries)) {
            return;
        }
        Instant before = Instant.now().minus(LONGEST_UNPACKING);
        try (Stream<Path> found = Files.find(
                libraries,
                2,
                (path, facts) -> facts.isDirectory()
                        && HALF_UNPACKED.matcher(path.getFileName().toString()).matches()
                        && facts.lastModifiedTime().toInstant().isBefore(before))) {
            List<Path> folders = found.toList();
            folders.forEach(Folders::delete);
        }
    }
}
