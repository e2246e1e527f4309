package org.layerwise.study.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Folders;
import org.layerwise.base.json.Json;
import org.layerwise.data.Excerpt;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ClassNameLimit;
import org.layerwise.model.config.ModelConfig;

/**
 * File {@code labels.json} in the folder of an adapter, with the names of the classes. PEFT's files cannot hold these
 * names, and without them the adapter could not be evaluated on data with named labels.
 */
public final class ClassNames {

    public static final String FILE = "labels.json";

    private ClassNames() {}

    /** Writes the names; deletes the file if there are no names. */
    public static void write(Path adapter, List<String> names) {
        Path file = adapter.resolve(FILE);
        if (!names.isEmpty()) {
            Json.write(file, Json.tree(names));
            return;
        }
        Folders.deleteFile(file);
    }

    /** Copies the names of an adapter's classes to another adapter of the same head; deletes its file if there are none. */
    public static void copy(Path from, Path to) {
        write(to, read(from));
    }

    /**
     * Returns the names of an adapter's classes: those in the adapter's folder, otherwise those of the checkpoint's own
     * head if it has the same number of classes. Names in the configuration of a checkpoint without a head are left
     * over from another task, unless they are placeholders such as {@code LABEL_0}.
     *
     * @param base model that the adapter is for
     * @param outputs number of outputs of the adapter's head
     * @throws UserException if the adapter's folder names more classes than the head has outputs
     */
    public static List<String> of(Path adapter, TransformerModel base, int outputs) {
        List<String> own = read(adapter);
        if (own.size() > outputs) {
            throw new UserException(
                    "%s names %s classes, but the adapter's head has %s; mend it, or delete it to use class numbers."
                            .formatted(adapter.resolve(FILE), own.size(), Excerpt.count(outputs, "output")));
        }
        if (!own.isEmpty()) {
            return ModelConfig.Labels.named(own, outputs);
        }
        ModelConfig.Labels known = base.config().labels();
        boolean ofItsHead = base.storedLabels().isPresent() || !known.meaningful();
        return ofItsHead && known.count() == outputs ? known.names() : List.of();
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
            names.add(ClassNameLimit.require(name.asText(), file));
        }
        return names;
    }
}
