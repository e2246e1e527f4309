package org.layerwise.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A turn at something that one thread of one process may do at a time, kept by a lock on a file. The turn ends when it is
 * closed or the process dies. The empty file stays, since deleting it would let two processes lock two files.
 */
public final class FileTurn implements AutoCloseable {

    private static final long POLL_MILLIS = 100;

    /**
     * The files that this process has open for a turn. A file must not be opened a second time meanwhile: closing any opening gives
     * up the process's lock, as POSIX has it.
     */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path key;
    private final FileChannel channel;

    private FileTurn(Path key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /**
     * Waits for the turn.
     *
     * @param lockFile made if need be; its folder must be there
     * @param waiting reported while another has the turn
     * @throws IOException if the file cannot be made or locked
     * @throws CancelledException if cancelled, or the thread was interrupted
     */
    public static FileTurn take(Path lockFile, String waiting, Progress progress) throws IOException {
        while (true) {
            Optional<FileTurn> turn = tryTake(lockFile);
            if (turn.isPresent()) {
                return turn.get();
            }
            progress.report(Progress.UNKNOWN, waiting);
            progress.check();
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancelledException();
            }
        }
    }

    /**
     * Waits for the turn at writing into a folder.
     *
     * @param lockFile in that folder, which must be there; made if need be
     * @param progress reported to while another has the turn
     * @return null on a file system without locks, where writers are not kept apart
     * @throws IOException if the file cannot be made
     * @throws CancelledException if cancelled, or the thread was interrupted
     */
    public static @Nullable FileTurn atFolder(Path lockFile, Progress progress) throws IOException {
        try {
            return take(lockFile, "Another program is writing into " + lockFile.getParent(), progress);
        } catch (IOException e) {
            if (Files.isWritable(lockFile)) {
                return null;
            }
            throw e;
        }
    }

    /**
     * Takes the turn if it is free.
     *
     * @param lockFile made if need be; its folder must be there. It is to be opened for nothing else
     * @return empty while another thread or process has it
     * @throws IOException if the file cannot be made or locked
     */
    public static Optional<FileTurn> tryTake(Path lockFile) throws IOException {
        Path key = lockFile.toAbsolutePath().getParent().toRealPath().resolve(lockFile.getFileName());
        if (!OPEN.add(key)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            requireOrdinary(lockFile);
            channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            taken = channel.tryLock() != null;
            return taken ? Optional.of(new FileTurn(key, channel)) : Optional.empty();
        } catch (OverlappingFileLockException e) {
            return Optional.empty(); // the same file by another name
        } finally {
            if (!taken) {
                try {
                    if (channel != null) {
                        channel.close();
                    }
                } finally {
                    OPEN.remove(key);
                }
            }
        }
    }

    /** Refuses a pipe, whose opening would wait for its other end without an end. */
    private static void requireOrdinary(Path lockFile) throws IOException {
        if (Files.exists(lockFile) && !Files.isRegularFile(lockFile)) {
            throw new FileSystemException(lockFile.toString(), null, "it is no ordinary file; remove it");
        }
    }

    /**
     * Tells whether a thread or process has the turn; nothing is made where there is no file.
     *
     * @param lockFile of the turn
     * @return false on a file system without locks, where nobody can have one
     */
    public static boolean isTaken(Path lockFile) {
        if (!Files.isWritable(lockFile)) {
            return false;
        }
        try (FileTurn turn = tryTake(lockFile).orElse(null)) {
            return turn == null;
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends the turn. */
    @Override
    public void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.close();
        } finally {
            OPEN.remove(key);
        }
    }
}
