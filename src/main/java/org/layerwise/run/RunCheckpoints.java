package org.layerwise.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.Folders;
import org.layerwise.base.file.UnfinishedFiles;
import org.layerwise.lora.PeftAdapter.HostTensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Checkpoints of a run in folders {@code step-N}. The last two are kept. A folder gets this name only when it is
 * complete and on the disk.
 */
public final class RunCheckpoints {

    public static final String FOLDER = "checkpoints";

    private static final int KEPT = 2;
    private static final Pattern NAME = Pattern.compile("step-(\\d{1,9})");

    private final Path folder;

    /**
     * Creates the access to the checkpoints of a run.
     *
     * @param run folder of the run
     */
    public RunCheckpoints(Path run) {
        this.folder = run.resolve(FOLDER);
    }

    /** Checkpoint with its folder. */
    public record Found(Path folder, RunCheckpoint checkpoint) {}

    /**
     * Writes a checkpoint unless one of the same step exists, and deletes all but the last two.
     *
     * @return the folder of the checkpoint
     * @throws UserException if the checkpoint cannot be written; no part of it is left then
     */
    Path write(RunCheckpoint checkpoint) {
        Path target = folder.resolve("step-" + checkpoint.state().step());
        if (!Files.exists(target)) {
            AtomicFiles.writeFolderToDisk(target, checkpoint::write);
        }
        List<Path> all = all();
        all.subList(KEPT < all.size() ? KEPT : all.size(), all.size()).forEach(this::delete);
        return target;
    }

    /**
     * Reads the last checkpoint that is readable, and removes the remains of interrupted writes and deletions.
     *
     * @param remark receives a message for each checkpoint that cannot be read
     */
    public Optional<Found> last(TensorEngine engine, Consumer<String> remark) {
        UnfinishedFiles.deleteIn(folder);
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

    /** Returns the folder of the last checkpoint, without reading the checkpoint. */
    Optional<Path> lastFolder() {
        return all().stream().findFirst();
    }

    /** Returns the folders of all checkpoints, in the order of their steps. */
    public List<Path> folders() {
        List<Path> folders = new ArrayList<>(all());
        Collections.reverse(folders);
        return folders;
    }

    /**
     * Reads the trained tensors of a checkpoint, by their names in the adapter.
     *
     * @param checkpoint one of {@link #folders}
     * @throws UserException if a file is missing or broken
     */
    public static Map<String, HostTensor> weights(Path checkpoint, TensorEngine engine) {
        return RunCheckpoint.read(checkpoint, engine).state().weights();
    }

    /** Deletes all checkpoints. Folders with other names are kept, such as a user's copy of a checkpoint. */
    void clear() {
        UnfinishedFiles.deleteIn(folder);
        all().forEach(this::delete);
        Folders.deleteIfEmpty(folder);
    }

    /** Returns the folders of all checkpoints, the latest first. */
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
            throw new UserException("Cannot read %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
    }

    private static int step(Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : 0;
    }

    // renamed first, since an incomplete checkpoint must not look like a checkpoint
    private void delete(Path path) {
        try {
            Path doomed = folder.resolve(".%s.part%s".formatted(path.getFileName(), UUID.randomUUID()));
            Files.move(path, doomed);
            Folders.delete(doomed);
        } catch (IOException e) {
            throw new UserException("Cannot delete %s: %s.".formatted(path, FileErrors.reason(e)), e);
        }
    }
}
