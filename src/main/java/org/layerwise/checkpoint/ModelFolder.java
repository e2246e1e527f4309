package org.layerwise.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;

/**
 * Files of a model's folder. Files outside the folder are refused, since a folder from a foreign source must not make
 * Layerwise read other files. One kind of link is allowed: in the hub's cache, {@code snapshots/COMMIT/FILE} links to
 * {@code blobs} of the same model.
 */
public record ModelFolder(Path folder) {

    /** Name of the file with the configuration of an adapter, as PEFT writes it. */
    public static final String ADAPTER = "adapter_config.json";

    private static final String SNAPSHOTS = "snapshots";
    private static final String BLOBS = "blobs";
    private static final String WAY_OUT =
            "; save the model with transformers' save_pretrained(safe_serialization=True) instead.";

    /**
     * Returns a file of the folder; empty if it does not exist, or its name leads out of the folder.
     *
     * @param name its path relative to the folder
     * @throws UserException if it is a link to a file outside the folder
     * @throws InvalidPathException if the system does not allow such a name
     */
    public Optional<Path> file(String name) {
        Path file = folder.resolve(name);
        Path root = folder.toAbsolutePath().normalize();
        if (!root.resolve(name).normalize().startsWith(root) || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Path real = file.toRealPath();
            Path realFolder = folder.toRealPath();
            if (real.startsWith(realFolder) || isBlobOf(realFolder, real)) {
                return Optional.of(file);
            }
            throw new UserException(
                    "%s is a link to %s, outside the model's folder; put a copy of the file there instead."
                            .formatted(file, real));
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    /**
     * Makes sure that the folder does not contain both weights and an adapter.
     *
     * @throws UserException if it contains both: where PEFT is installed, as on clusters, transformers loads the
     *     adapter and the base model that it names, and not the weights of the folder
     */
    void requireNoAdapter() {
        boolean weights =
                Stream.of(Checkpoint.SINGLE, Checkpoint.INDEX).anyMatch(name -> Files.exists(folder.resolve(name)));
        if (weights && Files.exists(folder.resolve(ADAPTER))) {
            throw withAdapter(folder.toString(), "move the adapter's files into a folder of their own");
        }
    }

    /**
     * Returns the exception for a model with an adapter in addition to its weights.
     *
     * @param model the folder, or the model's name on the hub
     * @param wayOut a solution for the user
     */
    public static UserException withAdapter(String model, String wayOut) {
        return new UserException(
                "%s holds an adapter, too (%s), and programs differ in whether they take that with the base model that it names or the weights beside it; %s."
                        .formatted(model, ADAPTER, wayOut));
    }

    /** Returns true if the folder contains all weights that are needed to open it. */
    boolean hasWeights() {
        if (file(Checkpoint.SINGLE).isPresent()) {
            return true;
        }
        Optional<Path> index = file(Checkpoint.INDEX);
        if (index.isEmpty()) {
            return false;
        }
        Set<String> shards = new TreeSet<>();
        Checkpoint.weightMap(index.get()).forEach(shard -> shards.add(shard.asText()));
        try {
            return shards.stream().allMatch(shard -> file(shard).isPresent());
        } catch (InvalidPathException e) {
            return true; // reported when the weights are opened
        }
    }

    /**
     * Returns the exception for a folder without safetensors weights, which names the weights that the folder has
     * instead, and a solution.
     *
     * @param wanted the names of weights that were looked for
     */
    UserException withoutWeights(String wanted) {
        for (String name : List.of(Checkpoint.SINGLE, Checkpoint.INDEX)) {
            Path file = folder.resolve(name);
            if (Files.isSymbolicLink(file) && !Files.exists(file)) {
                return new UserException(
                        "%s is a link that leads nowhere; put the file there, or download the model again."
                                .formatted(file));
            }
        }
        Set<String> kinds = new TreeSet<>();
        List<String> found = new ArrayList<>();
        for (String name : names()) {
            ForeignWeights.of(name).ifPresent(kind -> {
                kinds.add(kind.reason());
                found.add(name);
            });
        }
        if (found.isEmpty()) {
            return new UserException("%s has neither %s; save the model's weights there in the safetensors format."
                    .formatted(folder, wanted));
        }
        return new UserException("%s has its weights only in %s, and %s%s"
                .formatted(folder, some(found), String.join(", and ", kinds), WAY_OUT));
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UserException("Cannot read the folder %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
    }

    private static String some(List<String> names) {
        int shown = 3;
        String text = names.stream().limit(shown).collect(Collectors.joining(", "));
        return names.size() <= shown ? text : "%s and %s more".formatted(text, names.size() - shown);
    }

    private static boolean isBlobOf(Path realFolder, Path real) throws IOException {
        Path snapshots = realFolder.getParent();
        Path model = snapshots == null ? null : snapshots.getParent();
        if (snapshots == null || model == null || model.getFileName() == null || !snapshots.endsWith(SNAPSHOTS)) {
            return false;
        }
        Path blobs = model.resolve(BLOBS);
        return model.getFileName().toString().toLowerCase(Locale.ROOT).startsWith("models--")
                && Files.isDirectory(blobs)
                && real.startsWith(blobs.toRealPath());
    }
}
