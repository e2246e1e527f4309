package org.layerwise.base.file;

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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unfinished files and folders of this process, listed in a journal that names the process and is locked by it. The
 * files that the journal of a killed process lists are deleted at the next start: a journal that can be locked, of a
 * process that {@link JournalOwner#hasEnded has ended}. Journals of earlier versions name no process; the lock decides
 * about them. Folders that a killed process was replacing are moved back. No other file is touched.
 */
public final class TemporaryFileJournal {

    private static final String ENDING = ".journal";
    private static final String END = "\0"; // a character that no path contains

    private static final Logger LOG = LoggerFactory.getLogger(TemporaryFileJournal.class);
    private static final TemporaryFileJournal OF_PROCESS = new TemporaryFileJournal();

    private final Set<Path> open = new LinkedHashSet<>();
    private @Nullable Path own;
    private int ownerLength;
    private @Nullable RandomAccessFile journal; // not a channel: an interrupt would close it and release the lock

    TemporaryFileJournal() {}

    /** Returns the unfinished files of this process. They are kept only in memory until {@link #begin}. */
    public static TemporaryFileJournal ofProcess() {
        return OF_PROCESS;
    }

    /**
     * Creates the journal of this process.
     *
     * @param folder folder of the journals of all processes; created if it does not exist
     * @throws IOException if the journal cannot be written, or another process has locked it
     */
    public synchronized void begin(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(UUID.randomUUID() + ENDING);
        RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
        if (opened.getChannel().tryLock() == null) { // a process starting now took it for a dead process's
            opened.close();
            throw new IOException("another process has locked " + file);
        }
        byte[] owner = (JournalOwner.current().text() + END).getBytes(StandardCharsets.UTF_8);
        try {
            opened.write(owner);
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        ownerLength = owner.length;
        own = file;
        journal = opened;
    }

    /** Adds a path to the journal. Call this method before the path is created. */
    public synchronized void add(Path path) {
        Path absolute = path.toAbsolutePath();
        open.add(absolute);
        write(absolute + END);
    }

    /** Removes a path that is finished or deleted from the journal. */
    public synchronized void remove(Path path) {
        open.remove(path.toAbsolutePath());
        if (open.isEmpty() && journal != null) {
            try {
                journal.setLength(ownerLength);
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
        } catch (IOException e) { // such as a full disk, on which the work itself will fail
            LOG.warn("{} is not in the journal {}", text, own, e);
        }
    }

    /**
     * Deletes the unfinished files of processes that were killed, and the journals of these processes, and moves back
     * the folders that they were replacing. Files that cannot be deleted are kept until the next start.
     *
     * @param folder folder of the journals of all processes
     */
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

    /**
     * Returns true if no other process has a journal in a folder, that is, if no other process of this program was
     * running a moment ago.
     *
     * @throws IOException if the folder cannot be read
     */
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
            String[] entries = new String(content, StandardCharsets.UTF_8).split(END, -1);
            Optional<JournalOwner> owner = JournalOwner.of(entries[0]);
            if (owner.isPresent() && !owner.get().hasEnded(JournalOwner.current())) {
                return; // it may be alive, and its lock not be seen here
            }
            for (String leftover : entries) {
                clean(leftover);
            }
            Files.deleteIfExists(path);
        } catch (OverlappingFileLockException e) {
            LOG.debug("{} is of this process", path);
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            LOG.warn("leftovers listed in {} stay", path, e);
        }
    }

    private static void clean(String leftover) throws IOException {
        Path path = Path.of(leftover);
        if (leftover.isEmpty() || !path.isAbsolute() || !Files.exists(path)) {
            return;
        }
        if (UnfinishedFiles.isUnfinished(path)) {
            Folders.delete(path);
            LOG.info("deleted {}, which a process that was killed had left", path);
        } else if (ReplacedFolder.isAside(path)) {
            ReplacedFolder.recover(path);
        }
    }
}
