package org.layerwise.base;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Changes of a file of settings that several programs and windows share. Whoever changes one reads it, changes what was read and
 * writes it while a lock beside it is held, so that no change of another is lost. Reading alone needs no lock: files appear whole.
 */
public final class SettingsFile {

    /** Others hold the lock for milliseconds. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private SettingsFile() {}

    /**
     * Runs a change while no other process or thread changes the file.
     *
     * @param change reads the file anew and writes it
     * @throws UserException if the folder cannot be written or locked, or another program does not give the lock up
     */
    public static void change(Path file, Runnable change) {
        WholeFiles.requireWritableFile(file);
        Path lock = file.resolveSibling("." + file.getFileName() + ".lock");
        try (FileTurn turn = FileTurn.take(lock, "Another program changes " + file, new Patience(file))) {
            change.run();
        } catch (IOException e) {
            throw new UserException("Cannot lock %s: %s.".formatted(lock, WholeFiles.reason(e)), e);
        }
    }

    /** A wait that ends with an error rather than never. */
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
