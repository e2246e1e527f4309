package org.layerwise.base;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unfinished files and folders of this process, listed in a journal that the process keeps locked: a journal that can be
 * locked is that of a process which was killed, and what it lists is deleted at the next start. Nothing else is.
 */
public final class Leftovers {

    private static final String ENDING = ".journal";
    private static final String END = "\0"; // which no path has

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final Leftovers OF_PROCESS = new Leftovers();

    private final Set<Path> open = new LinkedHashSet<>();
    private @Nullable Path own;
    private @Nullable RandomAccessFile journal; // no channel: an interrupt would close it, and so give up the lock

    Leftovers() {}

    /** Those of this process; they are kept in memory only until {@link #begin}. */
    public static Leftovers ofProcess() {
        return OF_PROCESS;
    }

    /**
     * Begins the journal of this process.
     *
     * @param folder of the journals of all processes; made if need be
     * @throws IOException if it cannot be written
     */
    public synchronized void begin(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(UUID.randomUUID() + ENDING);
        RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
        if (opened.getChannel().tryLock() == null) { // a start at the same moment took it for a dead process's
            opened.close();
            throw new IOException("another process has locked " + file);
        }
        own = file;
        journal = opened;
    }

    /** Notes a path before it is made. */
    public synchronized void add(Path path) {
        Path absolute = path.toAbsolutePath();
        open.add(absolute);
        write(absolute + END);
    }

    /** Forgets a path that is finished, or deleted. */
    public synchronized void remove(Path path) {
        open.remove(path.toAbsolutePath());
        if (open.isEmpty() && journal != null) {
            try {
                journal.setLength(0);
            } catch (IOException e) {
                LOG.warn("the journal {} keeps what is finished", own, e);
            }
        }
    }

    private void write(String text) {
        if (journal == null) {
            return;
        }
        try {
            journal.seek(journal.length());
            journal.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) { // a full disk, which the work itself will meet
            LOG.warn("{} is not in the journal {}", text, own, e);
        }
    }

    /** Deletes what processes that were killed have left, and their journals. What cannot be deleted stays for the next time. */
    public void sweep(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> found = Files.list(folder)) {
            List<Path> journals = found.filter(path -> path.toString().endsWith(ENDING))
                    .filter(path -> !path.equals(own()))
                    .toList();
            for (Path path : journals) {
                sweepJournal(path);
            }
        } catch (IOException e) {
            LOG.warn("leftovers listed in {} stay", folder, e);
        }
    }

    /** Returns true if no other process has a journal in a folder, which means that no other process of this program was running a moment ago. */
    public boolean alone(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(path -> path.toString().endsWith(ENDING)).allMatch(path -> path.equals(own()));
        }
    }

    private synchronized @Nullable Path own() {
        return own;
    }

    private static void sweepJournal(Path path) {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            if (file.getChannel().tryLock() == null) {
                return; // its process is alive
            }
            byte[] content = new byte[Math.toIntExact(file.length())];
            file.readFully(content);
            for (String leftover : new String(content, StandardCharsets.UTF_8).split(END)) {
                delete(leftover);
            }
            Files.deleteIfExists(path);
        } catch (OverlappingFileLockException e) {
            LOG.debug("{} is of this process", path);
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            LOG.warn("leftovers listed in {} stay", path, e);
        }
    }

    private static void delete(String leftover) {
        Path path = Path.of(leftover);
        if (!leftover.isEmpty() && path.isAbsolute() && WholeFiles.unfinished(path) && Files.exists(path)) {
            WholeFiles.deleteFolder(path);
            LOG.info("deleted {}, which a process that was killed had left", path);
        }
    }
}
