package org.layerwise.selection;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.JsonNumbers;

/** Reads one {@code selection.json}; every error message names the file and the key. */
final class SelectionReader {

    private static final String NO_VALUE = "The file holds no value here.";

    private final Path file;

    SelectionReader(Path file) {
        this.file = file;
    }

    SavedSelection read() {
        return read(Json.read(file));
    }

    SavedSelection read(JsonNode root) {
        if (!root.isObject()) {
            throw new UserException(
                    "%s is no selection: a JSON object with \"layers\" and \"of\" is expected.".formatted(file));
        }
        requireKnownVersion(root);
        int of = integer(root, "of", null);
        if (of < 1 || of > Limits.MOST_LAYERS) {
            throw wrong("of", "is %s; a number of layers from 1 to %s is expected".formatted(of, Limits.MOST_LAYERS));
        }
        SortedSet<Integer> layers = layers(root, "layers", of);
        LayerSelection.Reason reason = reason(root.path("reason"), layers, of);
        LayerSelection selection = new LayerSelection(layers, of, reason);
        requireSameOneHot(root, selection);
        SavedSelection.Origin origin = new SavedSelection.Origin(
                text(root, "model"),
                text(root, "task"),
                text(root, "measure"),
                text(root, "position"),
                absent(root, "samples") ? null : integer(root, "samples", null));
        return new SavedSelection(selection, origin, importance(root, of), similarity(root, of), text(root, "created"));
    }

    private void requireKnownVersion(JsonNode root) {
        int version = integer(root, "version", SelectionFile.VERSION);
        if (version > SelectionFile.VERSION) {
            throw new UserException(
                    "%s is a selection of version %s, and this Layerwise reads up to version %s; update Layerwise."
                            .formatted(file, version, SelectionFile.VERSION));
        }
        if (version < 1) {
            throw wrong("version", "is %s, which never was one".formatted(version));
        }
    }

    private void requireSameOneHot(JsonNode root, LayerSelection selection) {
        String oneHot = text(root, "one_hot");
        if (oneHot != null && !oneHot.equals(selection.oneHot())) {
            throw wrong(
                    "one_hot",
                    "is \"%s\", but \"layers\" and \"of\" make it \"%s\"; remove the wrong one"
                            .formatted(oneHot, selection.oneHot()));
        }
    }

    private LayerSelection.Reason reason(JsonNode reason, SortedSet<Integer> layers, int of) {
        if (reason.isMissingNode() || reason.isNull()) {
            return LayerSelection.byHand(layers, of).reason();
        }
        if (!reason.isObject()) {
            throw wrong("reason", "is no JSON object");
        }
        LayerLocks locks = new LayerLocks(
                absent(reason, "always") ? new TreeSet<>() : layers(reason, "always", of),
                absent(reason, "never") ? new TreeSet<>() : layers(reason, "never", of));
        return new LayerSelection.Reason(rule(reason, layers, of), locks, undefined(reason), text(reason, "shortfall"));
    }

    private SelectionRule rule(JsonNode reason, SortedSet<Integer> selected, int of) {
        String name = text(reason, "rule");
        if (name == null) {
            return new SelectionRule.ByHand(selected);
        }
        return switch (name) {
            case "top-ratio" -> new SelectionRule.TopRatio(number(reason, "ratio"));
            case "top-n" -> new SelectionRule.TopN(integer(reason, "n", null));
            case "threshold" -> new SelectionRule.Threshold(number(reason, "importance"));
            case "by-hand" -> new SelectionRule.ByHand(layers(reason, "layers", of));
            default ->
                throw wrong("rule", "is \"%s\"; top-ratio, top-n, threshold or by-hand is expected".formatted(name));
        };
    }

    private UndefinedLayers undefined(JsonNode reason) {
        String name = text(reason, "undefined");
        if (name == null) {
            return UndefinedLayers.EXCLUDE;
        }
        return switch (name) {
            case "exclude" -> UndefinedLayers.EXCLUDE;
            case "include" -> UndefinedLayers.INCLUDE;
            default -> throw wrong("undefined", "is \"%s\"; exclude or include is expected".formatted(name));
        };
    }

    private @Nullable LayerImportance importance(JsonNode root, int of) {
        if (absent(root, "importance")) {
            return null;
        }
        JsonNode values = array(root, "importance", of);
        JsonNode reasons = root.path("undefined");
        List<Similarity> similarities = new ArrayList<>();
        for (int layer = 0; layer < of; layer++) {
            JsonNode value = values.get(layer);
            similarities.add(
                    value.isNull()
                            ? new Similarity.Undefined(
                                    reasons.path(String.valueOf(layer)).asText(NO_VALUE))
                            : new Similarity.Value(1 - finite(value, "importance")));
        }
        return LayerImportance.ofSimilarities(similarities);
    }

    private @Nullable SimilarityMatrix similarity(JsonNode root, int of) {
        if (absent(root, "similarity")) {
            return null;
        }
        List<List<Similarity>> rows = new ArrayList<>();
        for (JsonNode line : array(root, "similarity", of + 1)) {
            if (!line.isArray() || line.size() != of + 1) {
                throw wrong("similarity", "has a row that is not a list of %s values".formatted(of + 1));
            }
            List<Similarity> row = new ArrayList<>();
            for (JsonNode value : line) {
                row.add(
                        value.isNull()
                                ? new Similarity.Undefined(NO_VALUE)
                                : new Similarity.Value(finite(value, "similarity")));
            }
            rows.add(row);
        }
        return new SimilarityMatrix(rows);
    }

    private JsonNode array(JsonNode parent, String key, int size) {
        JsonNode array = parent.path(key);
        if (!array.isArray() || array.size() != size) {
            throw wrong(key, "is not a list of %s values".formatted(size));
        }
        return array;
    }

    private SortedSet<Integer> layers(JsonNode parent, String key, int of) {
        JsonNode array = present(parent, key);
        if (!array.isArray()) {
            throw wrong(key, "is not a list of layers");
        }
        SortedSet<Integer> layers = new TreeSet<>();
        for (JsonNode layer : array) {
            if (!layer.isInt() || layer.intValue() < 0 || layer.intValue() >= of) {
                throw wrong(
                        key,
                        "holds %s, which is no layer of %s; they are numbered 0 to %s"
                                .formatted(Json.line(layer), of, of - 1));
            }
            layers.add(layer.intValue());
        }
        return layers;
    }

    private int integer(JsonNode parent, String key, @Nullable Integer otherwise) {
        if (otherwise != null && absent(parent, key)) {
            return otherwise;
        }
        JsonNode value = present(parent, key);
        if (!value.isInt()) {
            throw wrong(key, "is %s; a whole number is expected".formatted(Json.line(value)));
        }
        return value.intValue();
    }

    private double number(JsonNode parent, String key) {
        return finite(present(parent, key), key);
    }

    private double finite(JsonNode value, String key) {
        if (!JsonNumbers.isFinite(value)) {
            throw wrong(key, "holds %s; a finite number is expected".formatted(Json.line(value)));
        }
        return value.doubleValue();
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

    private JsonNode present(JsonNode parent, String key) {
        if (absent(parent, key)) {
            throw new UserException("%s has no \"%s\"; a selection needs it.".formatted(file, key));
        }
        return parent.path(key);
    }

    private static boolean absent(JsonNode parent, String key) {
        return parent.path(key).isMissingNode() || parent.path(key).isNull();
    }

    private UserException wrong(String key, String what) {
        return new UserException("In %s, \"%s\" %s.".formatted(file, key, what));
    }
}
