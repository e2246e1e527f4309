package org.layerwise.base.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;

/**
 * Exclusive lock on a file, held by one thread of one process at a time. The lock is released by {@link #close} or when
 * the process dies. The empty lock file is kept, since deleting it would let two processes lock two different files.
 */
public final class FileLock implements AutoCloseable {

    private static final long POLL_MILLIS = 100;

    /**
     * Lock files that this process has open. A lock file must not be opened a second time while it is locked: under
     * POSIX closing any of its channels releases the process's lock.
     */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path key;
    private final FileChannel channel;

    private FileLock(Path key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /**
     * Waits for the lock.
     *
     * @param lockFile file to lock; created if it does not exist, in a folder that exists
     * @param waiting message to report while another thread or process holds the lock
     * @throws IOException if the file cannot be created or locked, or is a symbolic link
     * @throws CancelledException if the progress is cancelled, or the thread was interrupted
     */
    public static FileLock take(Path lockFile, String waiting, Progress progress) throws IOException {
        while (true) {
            Optional<FileLock> turn = tryTake(lockFile);
            if (turn.isPresent()) {
                return turn.get();
            }
            progress.report(Progress.UNKNOWN, waiting);
            CancellableWait.sleep(Duration.ofMillis(POLL_MILLIS), progress);
        }
    }

    /**
     * Waits for the lock on writing into a folder.
     *
     * @param lockFile file to lock; created in the folder, which must exist
     * @param progress progress that gets a message while another thread or process holds the lock
     * @return lock, or null on a file system without locks, where concurrent writers are not prevented
     * @throws IOException if the file cannot be created, or is no regular file
     * @throws CancelledException if the progress is cancelled, or the thread was interrupted
     */
    public static @Nullable FileLock atFolder(Path lockFile, Progress progress) throws IOException {
        try {
            return take(lockFile, "Another program is writing into " + lockFile.getParent(), progress);
        } catch (IOException e) {
            if (isOrdinary(lockFile) && Files.isWritable(lockFile)) {
                return null;
            }
            throw e;
        }
    }

    /**
     * Waits for the lock on replacing a file.
     *
     * @param file file to replace, in a folder that exists. The lock is a hidden file beside it
     * @param progress progress that gets a message while another thread or process holds the lock
     * @return lock, or null on a file system without locks and in a shared folder where the lock file is another user's;
     *     concurrent writers are not prevented there
     * @throws IOException if the lock file cannot be created, or is no regular file
     * @throws CancelledException if the progress is cancelled, or the thread was interrupted
     */
    public static @Nullable FileLock besideFile(Path file, Progress progress) throws IOException {
        Path lockFile = file.resolveSibling(".%s.lock".formatted(UnfinishedFiles.name(file)));
        try {
            return atFolder(lockFile, progress);
        } catch (AccessDeniedException e) {
            if (isOrdinary(lockFile)) {
                return null;
            }
            throw e;
        }
    }

    /**
     * Acquires the lock if it is free.
     *
     * @param lockFile file to lock; created if it does not exist, in a folder that exists. It must not be opened for
     *     any other purpose
     * @return lock; empty while another thread or process holds it
     * @throws IOException if the file cannot be created or locked, or is a symbolic link
     */
    public static Optional<FileLock> tryTake(Path lockFile) throws IOException {
        Path key = Folders.parent(lockFile).toRealPath().resolve(lockFile.getFileName());
        if (!OPEN.add(key)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            requireOrdinary(lockFile);
            channel = FileChannel.open(
                    lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            taken = channel.tryLock() != null;
            return taken ? Optional.of(new FileLock(key, channel)) : Optional.empty();
        } catch (OverlappingFileLockException e) {
            return Optional.empty(); // the file is locked under another name
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

    /**
     * Refuses a path that exists but is not a regular file. Opening a pipe would wait forever for its other end, and
     * opening a link would create or lock a file elsewhere.
     */
    private static void requireOrdinary(Path lockFile) throws IOException {
        if (Files.isSymbolicLink(lockFile)) {
            throw new FileSystemException(lockFile.toString(), null, "it is a link; remove it");
        }
        if (Files.exists(lockFile) && !isOrdinary(lockFile)) {
            throw new FileSystemException(lockFile.toString(), null, "it is no ordinary file; remove it");
        }
    }

    private static boolean isOrdinary(Path lockFile) {
        return Files.isRegularFile(lockFile, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Returns true if a thread or process holds the lock. Creates no file.
     *
     * @param lockFile file of the lock
     * @return false on a file system without locks, where nobody can hold one
     */
    public static boolean isTaken(Path lockFile) {
        if (!Files.isWritable(lockFile)) {
            return false;
        }
        try (FileLock turn = tryTake(lockFile).orElse(null)) {
            return turn == null;
        } catch (IOException e) {
            return false;
        }
    }

    /** Releases the lock. */
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
