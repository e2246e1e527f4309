package org.layerwise.selection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.OptionalDouble;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.json.Json;

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

    private SelectionFile() {}

    /** Writes a selection; equal selections give identical files, byte for byte. */
    public static void write(Path file, SavedSelection saved) {
        Json.write(file, toJson(saved));
    }

    /**
     * Reads a selection.
     *
     * @throws org.layerwise.base.UserException if the file is missing, is not JSON, has a newer version, or a key is
     *     missing, has the wrong type or contradicts another key; the message names the file and the key
     */
    public static SavedSelection read(Path file) {
        return new SelectionReader(file).read();
    }

    /**
     * Reads a selection that is part of another file.
     *
     * @param file file to name in error messages
     * @throws org.layerwise.base.UserException as {@link #read} does
     */
    public static SavedSelection fromJson(Path file, JsonNode json) {
        return new SelectionReader(file).read(json);
    }

    /** Returns the JSON tree that {@link #write} writes. */
    public static ObjectNode toJson(SavedSelection saved) {
        ObjectNode json = Json.object();
        json.put("version", VERSION);
        if (saved.created() != null) {
            json.put("created", saved.created());
        }
        SavedSelection.Origin origin = saved.origin();
        json.put("model", origin.model());
        json.put("task", origin.task());
        json.put("measure", origin.measure());
        json.put("position", origin.position());
        json.put("samples", origin.samples());
        LayerSelection selection = saved.selection();
        saved.knownImportance()
                .ifPresent(importance ->
                        putImportance(json, importance, selection.reason().undefined()));
        saved.knownSimilarity().ifPresent(matrix -> putSimilarity(json, matrix));
        putAll(json.putArray("layers"), selection.layers());
        json.put("of", selection.of());
        json.put("one_hot", selection.oneHot());
        putReason(json.putObject("reason"), selection.reason());
        return json;
    }

    private static void putImportance(ObjectNode json, LayerImportance importance, UndefinedLayers undefined) {
        ArrayNode values = json.putArray("importance");
        ObjectNode reasons = Json.object();
        for (int layer = 0; layer < importance.layers(); layer++) {
            putNumber(values, importance.of(layer));
            String key = String.valueOf(layer);
            importance.reason(layer).ifPresent(reason -> reasons.put(key, reason));
        }
        if (!reasons.isEmpty()) {
            json.set("undefined", reasons);
        }
        putAll(json.putArray("ranking"), importance.ranking(undefined));
    }

    private static void putSimilarity(ObjectNode json, SimilarityMatrix matrix) {
        ArrayNode rows = json.putArray("similarity");
        for (int i = 0; i < matrix.size(); i++) {
            ArrayNode row = rows.addArray();
            for (int j = 0; j < matrix.size(); j++) {
                putNumber(row, matrix.value(i, j));
            }
        }
    }

    private static void putReason(ObjectNode json, LayerSelection.Reason reason) {
        SelectionRule rule = reason.rule();
        if (rule instanceof SelectionRule.TopRatio top) {
            json.put("rule", "top-ratio").put("ratio", top.ratio());
        } else if (rule instanceof SelectionRule.TopN top) {
            json.put("rule", "top-n").put("n", top.n());
        } else if (rule instanceof SelectionRule.Threshold threshold) {
            json.put("rule", "threshold").put("importance", threshold.importance());
        } else if (rule instanceof SelectionRule.ByHand byHand) {
            putAll(json.put("rule", "by-hand").putArray("layers"), byHand.layers());
        }
        putAll(json.putArray("always"), reason.locks().always());
        putAll(json.putArray("never"), reason.locks().never());
        json.put("undefined", reason.undefined() == UndefinedLayers.INCLUDE ? "include" : "exclude");
        json.put("shortfall", reason.shortfall());
    }

    private static void putNumber(ArrayNode array, OptionalDouble value) {
        if (value.isPresent()) {
            array.add(value.getAsDouble());
        } else {
            array.addNull();
        }
    }

    private static void putAll(ArrayNode array, Collection<Integer> layers) {
        layers.forEach(array::add);
    }
}
