package org.layerwise.study.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.FileTurn;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;

/** The copy of one open study, held by a lock until it is closed or the process dies. */
public final class RecoverySlot implements AutoCloseable {

    private static final String LOCK = "slot.lock";
    private static final String STUDY = "study" + StudyFile.ENDING;
    private static final String ORIGIN = "origin.json";
    private static final String ANALYSES = "analyses";

    private final Path folder;
    private final FileTurn lock;

    private RecoverySlot(Path folder, FileTurn lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Takes a slot; empty if somebody has it. */
    static Optional<RecoverySlot> take(Path folder) {
        try {
            return FileTurn.tryTake(folder.resolve(LOCK)).map(turn -> new RecoverySlot(folder, turn));
        } catch (IOException e) {
            throw new UserException("Cannot write %s: %s.".formatted(folder.resolve(LOCK), WholeFiles.reason(e)), e);
        }
    }

    /** Where an analysis is kept that is saved nowhere else. */
    public Path analysis(int number) {
        return folder.resolve(ANALYSES).resolve(String.valueOf(number));
    }

    /** Whether a folder is one of this slot's own. */
    public boolean owns(Path place) {
        return place.toAbsolutePath()
                .normalize()
                .startsWith(folder.toAbsolutePath().normalize());
    }

    /**
     * Keeps a study as it is now.
     *
     * @param original the study's own file; null if it was never saved
     * @param known {@link StudyFile#fingerprint} of that file when it was read or written last; null if it was never saved
     * @throws UserException if it cannot be written
     */
    public void write(StudyDocument study, @Nullable Path original, @Nullable String known) {
        ObjectNode origin = Json.object();
        origin.put("study", original == null ? null : original.toAbsolutePath().toString());
        origin.put("sha256", known);
        Json.write(folder.resolve(ORIGIN), origin);
        StudyFile.write(folder.resolve(STUDY), study);
    }

    /** Reads the study back. */
    public StudyDocument read() {
        return StudyFile.read(folder.resolve(STUDY));
    }

    /** There is nothing to recover any longer: the study was saved, or its changes are not wanted. */
    public void forget() {
        try {
            Files.deleteIfExists(folder.resolve(STUDY));
        } catch (IOException e) {
            throw new UserException("Cannot delete %s: %s.".formatted(folder.resolve(STUDY), WholeFiles.reason(e)), e);
        }
    }

    /** What a crash would leave behind now; empty if nothing. */
    Optional<RecoveryStore.Left> left() {
        Path study = folder.resolve(STUDY);
        if (!Files.isRegularFile(study)) {
            return Optional.empty();
        }
        try {
            JsonNode origin = Json.read(folder.resolve(ORIGIN));
            String original = origin.path("study").textValue();
            Instant when = Files.getLastModifiedTime(study).toInstant();
            Path file = original == null ? null : Path.of(original);
            String name = file == null ? "" : StudyFile.name(file);
            return Optional.of(
                    new RecoveryStore.Left(folder, file, origin.path("sha256").asText(""), when, name));
        } catch (InvalidPathException e) {
            throw new UserException(
                    "%s names a study by a path that is none here; delete the folder if nothing in it is needed."
                            .formatted(folder.resolve(ORIGIN)),
                    e);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(study, WholeFiles.reason(e)), e);
        }
    }

    /** Deletes it with all that it holds. */
    public void discard() {
        forget(); // first: what cannot be deleted afterwards is not offered
        close();
        WholeFiles.deleteFolder(folder);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UserException("Cannot free %s: %s.".formatted(folder.resolve(LOCK), WholeFiles.reason(e)), e);
        }
    }
}
