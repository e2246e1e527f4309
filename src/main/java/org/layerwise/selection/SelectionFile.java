package org.layerwise.selection;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.JsonRecords;
import org.layerwise.base.json.Min;

/**
 * Reads and writes {@code selection.json}: the layers to tune, and everything that the selection is based on.
 * {@code layers} and {@code of} are sufficient for reading; unknown keys are ignored.
 *
 * <pre>{@code
 * {
 *   "version": 1, "model": "bge-small-en-v1.5", "task": "definitions", "measure": "linear-cka", "position": "first",
 *   "samples": 512,
 *   "importance": [null, 0.23, 0.29, 0.32],            // one value per layer, null if undefined
 *   "undefined": {"0": "Every input starts with ..."},  // reasons
 *   "similarity": [[1.0, ...], ...],                    // M+1 rows of M+1, null if undefined; optional
 *   "ranking": [3, 2, 1],                               // by decreasing importance; undefined: see reason
 *   "layers": [2, 3], "of": 4, "one_hot": "0011",
 *   "reason": {"rule": "top-ratio", "ratio": 0.5, "always": [], "never": [], "undefined": "exclude", "shortfall": null}
 * }
 * }</pre>
 *
 * The rules are {@code top-ratio} with {@code ratio}, {@code top-n} with {@code n}, {@code threshold} with
 * {@code importance}, and {@code by-hand} with {@code layers}.
 */
public final class SelectionFile {

    /** Version that is written, and the highest version that can be read. */
    public static final int VERSION = 1;

    private static final String NO_VALUE = "The file holds no value here.";

    private static final String ADVICE =
            "A selection needs \"layers\" and \"of\"; correct the file, or save the selection again.";

    private SelectionFile() {}

    /** Writes a selection; equal selections give identical files, byte for byte. */
    public static void write(Path file, SavedSelection saved) {
        Json.write(file, toJson(saved));
    }

    /** Returns the JSON tree that {@link #write} writes. */
    public static ObjectNode toJson(SavedSelection saved) {
        return JsonRecords.tree(Content.of(saved));
    }

    /**
     * Reads a selection.
     *
     * @throws UserException if the file is missing, is not JSON, has a newer version, or a key is missing, has the wrong
     *     type or contradicts another key; the message names the file and the key
     */
    public static SavedSelection read(Path file) {
        JsonNode json = Json.read(file);
        if (json.path("version").intValue() > VERSION) {
            throw new UserException(
                    "%s is a selection of version %s, and this Layerwise reads up to version %s; update Layerwise."
                            .formatted(file, json.path("version"), VERSION));
        }
        return JsonRecords.of(file, json, Content.class, ADVICE, Content::saved);
    }

    /** Content of the file. */
    private record Content(
            @Min(1) @Nullable Integer version,
            @JsonInclude(Include.NON_NULL) @Nullable String created,
            @JsonUnwrapped SavedSelection.Origin origin,
            @JsonInclude(Include.NON_NULL) @JsonSetter(contentNulls = Nulls.SET) @Nullable
                    List<@Nullable Double> importance,
            @JsonInclude(Include.NON_EMPTY) @Nullable Map<String, String> undefined,
            @JsonInclude(Include.NON_NULL) @JsonProperty(access = JsonProperty.Access.READ_ONLY) @Nullable
                    List<Integer> ranking,
            @JsonInclude(Include.NON_NULL) @JsonSetter(contentNulls = Nulls.SET) @Nullable
                    List<List<@Nullable Double>> similarity,
            @JsonUnwrapped LayerSelection selection) {

        static Content of(SavedSelection saved) {
            LayerSelection selection = saved.selection();
            LayerImportance importance = saved.importance();
            SimilarityMatrix matrix = saved.similarity();
            return new Content(
                    VERSION,
                    saved.created(),
                    saved.origin(),
                    importance == null ? null : importance.all(),
                    importance == null ? null : importance.reasons(),
                    importance == null
                            ? null
                            : importance.ranking(selection.reason().undefined()),
                    matrix == null ? null : matrix.values(),
                    selection);
        }

        SavedSelection saved() {
            Map<String, String> reasons = Objects.requireNonNullElse(undefined, Map.of());
            return new SavedSelection(
                    selection,
                    origin,
                    importance == null ? null : importance(sized("importance", importance, selection.of()), reasons),
                    similarity == null ? null : matrix(sized("similarity", similarity, selection.of() + 1)),
                    created);
        }

        private static LayerImportance importance(List<@Nullable Double> values, Map<String, String> reasons) {
            return LayerImportance.ofSimilarities(IntStream.range(0, values.size())
                    .mapToObj(layer -> {
                        Double value = values.get(layer);
                        return Similarity.of(
                                value == null ? null : 1 - value,
                                reasons.getOrDefault(String.valueOf(layer), NO_VALUE));
                    })
                    .toList());
        }

        private static SimilarityMatrix matrix(List<List<@Nullable Double>> rows) {
            return new SimilarityMatrix(rows.stream()
                    .map(row -> sized("similarity", row, rows.size()).stream()
                            .map(value -> Similarity.of(value, NO_VALUE))
                            .toList())
                    .toList());
        }

        private static <T extends List<?>> T sized(String key, @Nullable T values, int size) {
            if (values == null || values.size() != size) {
                throw new UserException("\"%s\" has %s values in a list; %s are expected."
                        .formatted(key, values == null ? 0 : values.size(), size));
            }
            return values;
        }
    }
}
