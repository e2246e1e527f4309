package org.layerwise.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.model.config.ModelConfig;

/**
 * The names of classes beside an adapter, {@code labels.json}: PEFT's files have no place for them, and without them a file
 * with named labels could not be evaluated.
 */
final class ClassNames {

    static final String FILE = "labels.json";

    private ClassNames() {}

    /** Writes the names; where there are none, no file is left. */
    static void write(Path adapter, List<String> names) {
        Path file = adapter.resolve(FILE);
        if (!names.isEmpty()) {
            Json.write(file, Json.tree(names));
            return;
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UserException("Cannot delete %s: %s.".formatted(file, WholeFiles.reason(e)), e);
        }
    }

    /** The names of an adapter's classes: its own, otherwise the checkpoint's if it has as many. */
    static List<String> of(Path adapter, ModelConfig.Labels checkpoint, int outputs) {
        List<String> own = read(adapter);
        return own.isEmpty() && checkpoint.count() == outputs ? checkpoint.names() : own;
    }

    private static List<String> read(Path adapter) {
        Path file = adapter.resolve(FILE);
        if (!Files.exists(file)) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (JsonNode name : Json.read(file)) {
            if (!name.isTextual()) {
                throw new UserException("%s must be a list of names, one a class.".formatted(file));
            }
            names.add(name.asText());
        }
        return names;
    }
}
