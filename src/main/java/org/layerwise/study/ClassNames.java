package org.layerwise.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;

/**
 * The names of classes beside an adapter, {@code labels.json}: PEFT's files have no place for them, and without them a file
 * with named labels could not be evaluated.
 */
final class ClassNames {

    private static final String FILE = "labels.json";

    private ClassNames() {}

    static void write(Path adapter, List<String> names) {
        if (!names.isEmpty()) {
            Json.write(adapter.resolve(FILE), Json.tree(names));
        }
    }

    /** The names by class; empty if the adapter has none. */
    static List<String> read(Path adapter) {
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
