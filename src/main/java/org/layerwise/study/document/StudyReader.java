package org.layerwise.study.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.JsonRecords;
import org.layerwise.selection.LayerSelection;
import org.layerwise.study.document.StudyDocument.AnalysisPart;
import org.layerwise.study.document.StudyDocument.View;

/** Reads one study file. Every error names the file and the key. */
final class StudyReader {

    /** Maximum size of a study file in bytes, far above that of any study; results have folders of their own. */
    private static final long MOST_BYTES = 16L << 20;

    private static final int MOST_ANALYSES = 1_000_000;

    private final Path file;
    private final Path folder;

    /**
     * Creates a reader of a file.
     *
     * @param folder folder of the file, absolute
     */
    StudyReader(Path file, Path folder) {
        this.file = file;
        this.folder = folder;
    }

    StudyDocument read() {
        JsonNode root = Json.read(file, MOST_BYTES);
        if (!root.isObject() || !StudyFile.FORMAT.equals(root.path("format").asText())) {
            throw new UserException("%s is no study: a JSON object with \"format\": \"%s\" is expected."
                    .formatted(file, StudyFile.FORMAT));
        }
        int version = integer(root, "version");
        if (version > StudyFile.VERSION) {
            throw new UserException(
                    "%s is a study of version %s, and this Layerwise reads up to version %s; update Layerwise."
                            .formatted(file, version, StudyFile.VERSION));
        }
        if (version < 1) {
            throw wrong("version", "is %s, which never was one".formatted(version));
        }
        String before = text(root, "folder");
        StudyPaths paths = new StudyPaths(folder, before == null ? null : path("folder", before));
        JsonNode settings = root.path("settings");
        JsonNode view = root.path("view");
        String run = text(view, "run");
        return new StudyDocument(
                settings.isMissingNode() ? StudySettings.usual() : SettingsJson.read(file, settings, paths),
                analyses(root, paths),
                root.path("selection").isObject() ? selection(root.path("selection")) : null,
                kept(root),
                runs(root, paths),
                new View(
                        absent(view, "analysis") ? null : (Integer) integer(view, "analysis"),
                        text(view, "measure"),
                        run == null ? null : paths.read(path("run", run)),
                        text(view, "pane")));
    }

    private List<AnalysisPart> analyses(JsonNode root, StudyPaths paths) {
        List<AnalysisPart> parts = new ArrayList<>();
        Set<Integer> numbers = new HashSet<>(); // the file decides how many there are
        for (JsonNode node : array(root, "analyses")) {
            int number = integer(node, "number");
            boolean again = !numbers.add(number);
            if (number < 1 || number > MOST_ANALYSES || again) {
                throw wrong(
                        "analyses",
                        again
                                ? "has the number %s twice".formatted(number)
                                : "has the number %s; one from 1 to %s is expected".formatted(number, MOST_ANALYSES));
            }
            String place = text(node, "folder");
            if (place == null) {
                throw wrong("analyses", "has an entry without a \"folder\"");
            }
            parts.add(new AnalysisPart(
                    number,
                    paths.read(path("folder", place)),
                    String.valueOf(text(node, "model")),
                    String.valueOf(text(node, "task"))));
        }
        return parts;
    }

    private List<NamedSelection> kept(JsonNode root) {
        List<NamedSelection> kept = new ArrayList<>();
        for (JsonNode node : array(root, "kept")) {
            String name = text(node, "name");
            if (name == null) {
                throw wrong("kept", "has an entry without a \"name\"");
            }
            kept.add(new NamedSelection(name, selection(node)));
        }
        return kept;
    }

    private List<Path> runs(JsonNode root, StudyPaths paths) {
        List<Path> runs = new ArrayList<>();
        for (JsonNode node : array(root, "runs")) {
            if (!node.isTextual()) {
                throw wrong("runs", "holds %s; folders are expected".formatted(Json.line(node)));
            }
            runs.add(paths.read(path("runs", node.textValue())));
        }
        return runs;
    }

    private LayerSelection selection(JsonNode node) {
        return JsonRecords.of(file, node, LayerSelection.class, "Correct the file.");
    }

    private Path path(String key, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw wrong(key, "holds \"%s\", which is no path here".formatted(text));
        }
    }

    private JsonNode array(JsonNode parent, String key) {
        JsonNode array = parent.path(key);
        if (!array.isArray() && !absent(parent, key)) {
            throw wrong(key, "is no list");
        }
        return array;
    }

    private int integer(JsonNode parent, String key) {
        JsonNode value = parent.path(key);
        if (!value.isInt()) {
            throw wrong(
                    key,
                    absent(parent, key)
                            ? "is missing"
                            : "is %s; a whole number is expected".formatted(Json.line(value)));
        }
        return value.intValue();
    }

    private @Nullable String text(JsonNode parent, String key) {
        if (absent(parent, key)) {
            return null;
        }
        JsonNode value = parent.path(key);
        if (!value.isTextual()) {
            throw wrong(key, "is %s; a text is expected".formatted(Json.line(value)));
        }
        return value.textValue();
    }

    private static boolean absent(JsonNode parent, String key) {
        return parent.path(key).isMissingNode() || parent.path(key).isNull();
    }

    private UserException wrong(String key, String what) {
        return new UserException("In %s, \"%s\" %s.".formatted(file, key, what));
    }
}
