package org.layerwise.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerwise.base.Leftovers;
import org.layerwise.base.WholeFiles;
import org.slf4j.LoggerFactory;

/** Deletes, when the program starts, what processes of it that were killed have left. */
final class StartSweep {

    /** Into which DJL unpacks libraries, in seconds, before they get their place. */
    private static final Pattern HALF_UNPACKED = Pattern.compile("tmp\\d+");

    private static final Duration LONGEST_UNPACKING = Duration.ofHours(1);

    /** Commands end sooner than the folder of a large model is deleted; the next start goes on with it. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private StartSweep() {}

    /** Begins the list of what this process might leave, and sweeps beside whatever is done meanwhile. */
    static Thread begin(Path cache) {
        Path journals = cache.resolve("running");
        try {
            Leftovers.ofProcess().begin(journals);
        } catch (IOException e) { // who needs the folder says so in a sentence
            LoggerFactory.getLogger(StartSweep.class).warn("leftovers of this process will stay", e);
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

    static void await(Thread thread) {
        try {
            thread.join(LONGEST_WAIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void sweep(Path cache, Path journals) {
        Leftovers.ofProcess().sweep(journals);
        try {
            if (Files.isDirectory(journals) && Leftovers.ofProcess().alone(journals)) {
                sweepUnpacked(cache.resolve("djl"));
            }
        } catch (IOException | UncheckedIOException e) {
            LoggerFactory.getLogger(StartSweep.class).warn("half-unpacked libraries stay", e);
        }
    }

    /** @param journals which this user owns */
    static void sweepTemporary(Path temporary, Path journals) {
        try {
            new TemporaryLeftovers(temporary, Files.getOwner(journals))
                    .sweep(Leftovers.ofProcess().alone(journals));
        } catch (IOException | UncheckedIOException | UnsupportedOperationException e) {
            LoggerFactory.getLogger(StartSweep.class).warn("leftovers in {} stay", temporary, e);
        }
    }

    /** Another start may have begun to unpack since: its folders are new. */
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
            folders.forEach(WholeFiles::deleteFolder);
        }
    }
}
