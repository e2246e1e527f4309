package org.layerwise.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.FileLock;

/**
 * Exclusive right to write into a run's folder: a lock on {@code run.lock} that is held until it is closed or the
 * process ends.
 */
public final class RunLock implements AutoCloseable {

    static final String FILE = "run.lock";

    private final FileLock turn;

    private RunLock(FileLock turn) {
        this.turn = turn;
    }

    /**
     * Takes the lock.
     *
     * @throws UserException if another training holds the lock, or the folder cannot be written
     */
    public static RunLock take(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            return new RunLock(FileLock.tryTake(file)
                    .orElseThrow(() -> new UserException(
                            "Another training is writing into %s; choose another output folder.".formatted(folder))));
        } catch (IOException e) {
            throw new UserException("Cannot write %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    /**
     * Waits for the lock, for callers that hold it only for a moment.
     *
     * @throws UserException if the folder cannot be written
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    public static RunLock await(Path folder, Progress progress) {
        Path file = folder.resolve(FILE);
        try {
            return new RunLock(FileLock.take(file, "Another program is at this run", progress));
        } catch (IOException e) {
            throw new UserException("Cannot write %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    /** Returns true if a training of this or another process holds the lock. */
    static boolean held(Path folder) {
        return FileLock.isTaken(folder.resolve(FILE));
    }

    @Override
    public void close() {
        try {
            turn.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
