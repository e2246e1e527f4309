package org.layerwise.study.document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.FileLock;
import org.layerwise.base.file.Folders;
import org.layerwise.base.json.JsonRecords;

/** Recovery copy of one open study. The copy is locked until it is closed or the process dies. */
public final class RecoverySlot implements AutoCloseable {

    private static final String LOCK = "slot.lock";
    private static final String STUDY = "study" + StudyFile.ENDING;
    private static final String ORIGIN = "origin.json";
    private static final String ANALYSES = "analyses";

    /**
     * Content of the file about the study that was copied.
     *
     * @param study the study's own file; null if it was never saved
     * @param sha256 {@link StudyFile#fingerprint} of that file when it was last read or written; null if it was never
     *     saved
     */
    private record Origin(@Nullable String study, @Nullable String sha256) {}

    private final Path folder;
    private final FileLock lock;

    private RecoverySlot(Path folder, FileLock lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Locks a slot; empty if another program or thread has locked it. */
    static Optional<RecoverySlot> take(Path folder) {
        try {
            return FileLock.tryTake(folder.resolve(LOCK)).map(turn -> new RecoverySlot(folder, turn));
        } catch (IOException e) {
            throw new UserException("Cannot write %s: %s.".formatted(folder.resolve(LOCK), FileErrors.reason(e)), e);
        }
    }

    /**
     * Returns the folder for an analysis that is saved nowhere else.
     *
     * @param number number of the analysis in the study
     */
    public Path analysis(int number) {
        return folder.resolve(ANALYSES).resolve(String.valueOf(number));
    }

    /** Returns true if a folder lies in the folder of this slot. */
    public boolean owns(Path place) {
        return place.toAbsolutePath()
                .normalize()
                .startsWith(folder.toAbsolutePath().normalize());
    }

    /**
     * Saves the current state of a study.
     *
     * @param original the study's own file; null if it was never saved
     * @param known {@link StudyFile#fingerprint} of that file when it was last read or written; null if it was never
     *     saved
     * @throws UserException if the copy cannot be written
     */
    public void write(StudyDocument study, @Nullable Path original, @Nullable String known) {
        // the study first: an origin without a study is one that was forgotten
        StudyFile.write(folder.resolve(STUDY), study);
        JsonRecords.write(
                folder.resolve(ORIGIN),
                new Origin(original == null ? null : original.toAbsolutePath().toString(), known));
    }

    /**
     * Reads the saved study.
     *
     * @throws UserException if it cannot be read
     */
    public StudyDocument read() {
        return StudyFile.read(folder.resolve(STUDY));
    }

    /**
     * Deletes the saved study. Call this method when the study was saved to its own file, or its changes are not
     * wanted.
     *
     * @throws UserException if it cannot be deleted
     */
    public void forget() {
        Folders.deleteFile(folder.resolve(STUDY));
    }

    /**
     * Returns the recovery copy that a crash would leave behind now; empty if there is none, or it was forgotten.
     *
     * @throws UserException if it cannot be read, or if there are analyses whose study was never written
     */
    Optional<RecoveryStore.Left> left() {
        Path study = folder.resolve(STUDY);
        if (!Files.exists(study, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.exists(folder.resolve(ANALYSES)) && !Files.exists(folder.resolve(ORIGIN))) {
                throw new UserException(
                        "%s holds analyses whose study was never written; delete the folder if nothing in it is needed."
                                .formatted(folder));
            }
            return Optional.empty();
        }
        if (!Files.isRegularFile(study)) {
            throw new UserException(
                    "%s is not a regular file; delete the folder if nothing in it is needed.".formatted(study));
        }
        try {
            Origin origin = JsonRecords.read(
                    folder.resolve(ORIGIN), Origin.class, "Delete the folder if nothing in it is needed.");
            Instant when = Files.getLastModifiedTime(study).toInstant();
            Path file = origin.study == null ? null : Path.of(origin.study);
            String name = file == null ? "" : StudyFile.name(file);
            return Optional.of(
                    new RecoveryStore.Left(folder, file, Objects.requireNonNullElse(origin.sha256, ""), when, name));
        } catch (InvalidPathException e) {
            throw new UserException(
                    "%s names a study by a path that is none here; delete the folder if nothing in it is needed."
                            .formatted(folder.resolve(ORIGIN)),
                    e);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(study, FileErrors.reason(e)), e);
        }
    }

    /** Closes the slot and deletes its folder with all contents. */
    public void discard() {
        forget(); // first, so that a slot that cannot be deleted completely is not offered for recovery
        close();
        Folders.delete(folder);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UserException("Cannot free %s: %s.".formatted(folder.resolve(LOCK), FileErrors.reason(e)), e);
        }
    }
}
