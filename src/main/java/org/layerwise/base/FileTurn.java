package org.layerwise.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A turn at something that one thread of one process may do at a time, kept by a lock on a file. The turn ends when it is
 * closed or the process dies. The empty file stays, since deleting it would let two processes lock two files.
 */
public final class FileTurn implements AutoCloseable {

    private static final long POLL_MILLIS = 100;

    private final FileChannel channel;

    private FileTurn(FileChannel channel) {
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
        FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            while (lock(channel) == null) {
                progress.report(Progress.UNKNOWN, waiting);
                progress.check();
                Thread.sleep(POLL_MILLIS);
            }
            return new FileTurn(channel);
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
            throw new CancelledException();
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Takes the turn if it is free.
     *
     * @param lockFile made if need be; its folder must be there. It is to be opened for nothing else: closing any other opening
     *     of it would give up the process's lock, as POSIX has it
     * @return empty while another has it
     * @throws IOException if the file cannot be made or locked
     */
    public static Optional<FileTurn> tryTake(Path lockFile) throws IOException {
        FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return Optional.of(new FileTurn(channel));
            }
            channel.close();
        } catch (OverlappingFileLockException e) {
            return Optional.empty(); // the channel stays open: closing it would free the lock that this process has
        }
        return Optional.empty();
    }

    /** Ends the turn. */
    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another thread of this process holds it
        }
    }
}
