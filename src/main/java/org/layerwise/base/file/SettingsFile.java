package org.layerwise.base.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;

/**
 * Changes a settings file that several programs and windows share. A change reads the file, modifies the settings and
 * writes them while it holds a lock file in the same folder, so that no change of another program is lost. Reading
 * alone needs no lock, since files are written atomically.
 */
public final class SettingsFile {

    /** Maximum time to wait for the lock; other programs hold it for milliseconds. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private SettingsFile() {}

    /**
     * Runs a change while no other process or thread changes the file.
     *
     * @param change action that reads the current file and writes it
     * @throws UserException if the folder cannot be written or locked, or another program does not release the lock in
     *     time
     */
    public static void change(Path file, Runnable change) {
        WritablePaths.requireFile(file);
        Path lock = file.resolveSibling("." + file.getFileName() + ".lock");
        try (FileLock turn = FileLock.take(lock, "Another program changes " + file, new Patience(file))) {
            change.run();
        } catch (IOException e) {
            throw new UserException("Cannot lock %s: %s.".formatted(lock, FileErrors.reason(e)), e);
        }
    }

    /** Progress of a wait that fails after a time limit. */
    private record Patience(Path file, long end) implements Progress {

        Patience(Path file) {
            this(file, System.nanoTime() + PATIENCE_NANOS);
        }

        @Override
        public void report(double fraction, String message) {
            if (System.nanoTime() - end > 0) {
                throw new UserException(
                        "Another program has been changing %s for long; end it, and try again.".formatted(file));
            }
        }

        @Override
        public boolean cancelled() {
            return false;
        }
    }
}
