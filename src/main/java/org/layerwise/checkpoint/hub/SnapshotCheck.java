package org.layerwise.checkpoint.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.ForeignWeights;
import org.layerwise.checkpoint.ModelFolder;

/**
 * Result of the check that a snapshot has everything that is needed to open it. The check reads only names and the list
 * of shards; the headers of weights are checked when the model is opened. Downloads put the weights into the snapshot
 * last, so a snapshot with its weights also has the other files.
 *
 * @param config true if it has config.json
 * @param problem the first missing file, as one plain sentence; empty if there is none
 */
record SnapshotCheck(boolean config, Optional<String> problem) {

    /** Checks a snapshot's folder. */
    static SnapshotCheck of(Path snapshot) {
        Optional<String> config = problem(() -> missing(snapshot, ModelFiles.CONFIG));
        Optional<String> weights = problem(() -> weightsProblem(snapshot));
        return new SnapshotCheck(config.isEmpty(), config.or(() -> weights));
    }

    private interface Check {
        Optional<String> problem() throws IOException;
    }

    private static Optional<String> problem(Check check) {
        try {
            return check.problem();
        } catch (UserException e) {
            return Optional.of(e.getMessage());
        } catch (IOException e) {
            return Optional.of("It cannot be read: %s.".formatted(FileErrors.reason(e)));
        }
    }

    private static Optional<String> missing(Path snapshot, String name) {
        if (new ModelFolder(snapshot).file(name).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                Files.isSymbolicLink(snapshot.resolve(name))
                        ? "Its %s is a link to a file that is missing; download it again.".formatted(name)
                        : "It has no %s; download it again.".formatted(name));
    }

    private static Optional<String> weightsProblem(Path snapshot) throws IOException {
        if (missing(snapshot, ModelFiles.SINGLE).isEmpty()) {
            return Optional.empty();
        }
        Optional<Path> index = new ModelFolder(snapshot).file(ModelFiles.INDEX);
        if (index.isPresent()) {
            return shardProblem(snapshot, index.get());
        }
        for (String name : List.of(ModelFiles.SINGLE, ModelFiles.INDEX)) {
            if (Files.exists(snapshot.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                return missing(snapshot, name);
            }
        }
        try (Stream<Path> files = Files.list(snapshot)) {
            Optional<String> foreign = files.map(file -> file.getFileName().toString())
                    .filter(name -> ForeignWeights.of(name).isPresent())
                    .sorted()
                    .findFirst();
            return Optional.of(foreign.map("It has no safetensors weights, only %s."::formatted)
                    .orElse("It has no weights; download it to have them."));
        }
    }

    private static Optional<String> shardProblem(Path snapshot, Path index) {
        JsonNode weightMap = Json.read(index, ModelFiles.MOST_INDEX_BYTES).path("weight_map");
        TreeSet<String> shards = new TreeSet<>();
        weightMap.forEach(shard -> shards.add(shard.asText()));
        if (shards.isEmpty()) {
            return Optional.of("Its %s names no shards; download it again.".formatted(ModelFiles.INDEX));
        }
        try {
            return shards.stream()
                    .flatMap(shard -> missing(snapshot, shard).stream())
                    .findFirst();
        } catch (InvalidPathException e) {
            return Optional.of(
                    "Its %s names a shard that cannot be a file; download it again.".formatted(ModelFiles.INDEX));
        }
    }
}
