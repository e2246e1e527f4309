package org.layerwise.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.tensor.TensorEngine;

/**
 * The checkpoints of a run: folders {@code step-N}, of which the last two are kept. A folder has its name only when it is
 * complete and on the disk.
 */
final class RunCheckpoints {

    static final String FOLDER = "checkpoints";

    private static final int KEPT = 2;
    private static final Pattern NAME = Pattern.compile("step-(\\d{1,9})");

    private final Path folder;

    /** @param run the run's folder */
    RunCheckpoints(Path run) {
        this.folder = run.resolve(FOLDER);
    }

    /** A checkpoint and where it is. */
    record Found(Path folder, RunCheckpoint checkpoint) {}

    /**
     * Writes a checkpoint, unless that of the same step is there, and deletes those before the last two.
     *
     * @return its folder
     * @throws UserException if it cannot be written; then nothing is left of it
     */
    Path write(RunCheckpoint checkpoint) {
        Path target = folder.resolve("step-" + checkpoint.state().step());
        if (!Files.exists(target)) {
            WholeFiles.writeFolderToDisk(target, checkpoint::write);
        }
        List<Path> all = all();
        all.subList(KEPT < all.size() ? KEPT : all.size(), all.size()).forEach(this::delete);
        return target;
    }

    /**
     * The last checkpoint that can be read; what an interrupted write or deletion left is removed.
     *
     * @param remark hears of one that cannot
     */
    Optional<Found> last(TensorEngine engine, Consumer<String> remark) {
        WholeFiles.deleteUnfinished(folder);
        for (Path path : all()) {
            try {
                RunCheckpoint checkpoint = RunCheckpoint.read(path, engine);
                if (checkpoint.state().step() != step(path)) {
                    throw new UserException("its checkpoint.json says step %s. Put back the file that train wrote."
                            .formatted(checkpoint.state().step()));
                }
                return Optional.of(new Found(path, checkpoint));
            } catch (UserException e) {
                remark.accept("The checkpoint %s is passed over: %s".formatted(path, e.getMessage()));
            }
        }
        return Optional.empty();
    }

    /** The folder of the last checkpoint, which is not read. */
    Optional<Path> lastFolder() {
        return all().stream().findFirst();
    }

    /** Deletes those after a step: they belong to what a resume does again. */
    void deleteAfter(int step) {
        all().stream().filter(path -> step(path) > step).forEach(this::delete);
    }

    /** Deletes all of them; a folder of another name stays, such as a copy that somebody keeps. */
    void clear() {
        WholeFiles.deleteUnfinished(folder);
        all().forEach(this::delete);
        WholeFiles.deleteIfEmpty(folder);
    }

    /** The latest first. */
    private List<Path> all() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(
                            path -> NAME.matcher(path.getFileName().toString()).matches())
                    .sorted(Comparator.comparingInt(RunCheckpoints::step).reversed())
                    .toList();
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(folder, WholeFiles.reason(e)), e);
        }
    }

    private static int step(Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : 0;
    }

    // under another name first: half of a checkpoint must not look like one
    private void delete(Path path) {
        try {
            Path doomed = folder.resolve(".%s.part%s".formatted(path.getFileName(), UUID.randomUUID()));
            Files.move(path, doomed);
            WholeFiles.deleteFolder(doomed);
        } catch (IOException e) {
            throw new UserException("Cannot delete %s: %s.".formatted(path, WholeFiles.reason(e)), e);
        }
    }
}
