package org.layerwise.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ModelKind;

/** {@code analysis.json}: null stands where a similarity is undefined, never a number that is none. */
final class AnalysisJson {

    private static final String REASONS = "undefined_reasons";

    private AnalysisJson() {}

    static ObjectNode write(Analysis analysis) {
        LayerSelection proposed = analysis.proposed();
        LayerImportance importance = analysis.importance();
        ObjectNode json = Json.object();
        json.put("model", analysis.model());
        json.put("kind", analysis.kind().id());
        json.put("data", analysis.data());
        json.put("task", analysis.task());
        json.put(
                "position",
                analysis.position() == null ? null : analysis.position().id());
        json.put("samples", analysis.samples());
        json.put("cut_rows", analysis.cutRows());
        json.put("measure", analysis.primary().measure().id());
        ArrayNode rows = json.putArray("similarity");
        SimilarityMatrix matrix = analysis.primary().matrix().orElseThrow();
        for (int i = 0; i < matrix.size(); i++) {
            ArrayNode row = rows.addArray();
            for (int j = 0; j < matrix.size(); j++) {
                add(row, matrix.value(i, j));
            }
        }
        ArrayNode values = json.putArray("importance");
        ObjectNode reasons = Json.object();
        for (int layer = 0; layer < importance.layers(); layer++) {
            add(values, importance.of(layer));
            String key = String.valueOf(layer);
            importance.reason(layer).ifPresent(reason -> reasons.put(key, reason));
        }
        json.set(REASONS, reasons);
        json.set("ranking", Json.tree(importance.ranking(analysis.settings().undefined())));
        json.set("selected", Json.tree(proposed.layers()));
        json.put("one_hot", proposed.oneHot());
        json.set("settings", settings(analysis));
        json.set("versions", Json.tree(analysis.versions()));
        json.put("seconds", analysis.seconds());
        return json;
    }

    private static ObjectNode settings(Analysis analysis) {
        ObjectNode json = Json.object();
        json.put("ratio", analysis.settings().ratio());
        json.put("undefined", analysis.settings().undefined().name().toLowerCase(Locale.ROOT));
        DataSettings rows = analysis.rows();
        if (rows != null) {
            json.put("text", rows.text());
            json.put("label", rows.label());
            json.put("image", rows.image());
            json.put("max_length", rows.maxLength());
        }
        return json;
    }

    private static void add(ArrayNode array, OptionalDouble value) {
        if (value.isPresent()) {
            array.add(value.getAsDouble());
        } else {
            array.addNull();
        }
    }

    /**
     * Reads a file.
     *
     * @throws UserException if it is missing or does not hold an analysis
     */
    static Analysis read(Path file) {
        JsonNode json = Json.read(file);
        SimilarityMatrix similarity = similarity(file, json);
        JsonNode settings = json.path("settings");
        Map<String, String> versions = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> version : json.path("versions").properties()) {
            versions.put(version.getKey(), version.getValue().asText());
        }
        return new Analysis(
                text(file, json, "model"),
                ModelKind.of(json.path("kind").asText(ModelKind.ENCODER.id())),
                text(file, json, "data"),
                json.path("task").asText("task"),
                position(file, json).orElse(null),
                json.path("samples").asInt(),
                json.path("cut_rows").asInt(),
                List.of(MeasureResult.of(measure(file, json), similarity)),
                null,
                new AnalysisSettings(
                        position(file, json).orElse(null),
                        settings.path("ratio").asDouble(AnalysisSettings.DEFAULT_RATIO),
                        settings.path("undefined").asText("exclude").equals("include")
                                ? UndefinedLayers.INCLUDE
                                : UndefinedLayers.EXCLUDE,
                        json.path("task").asText(null)),
                rows(text(file, json, "data"), settings),
                new Provenance(
                        null,
                        null,
                        null,
                        null,
                        null,
                        versions,
                        json.path("computed").asText(""),
                        json.path("seconds").asDouble()));
    }

    private static Measure measure(Path file, JsonNode json) {
        String id = text(file, json, "measure");
        return Measure.of(id)
                .orElseThrow(() -> new UserException("%s has the unknown measure \"%s\"; known are %s."
                        .formatted(file, id, String.join(", ", Measure.ids()))));
    }

    private static @Nullable DataSettings rows(String data, JsonNode settings) {
        return settings.has("max_length")
                ? new DataSettings(
                        data,
                        settings.path("text").asText(null),
                        settings.path("label").asText(null),
                        settings.path("image").asText(null),
                        null,
                        settings.path("max_length").asInt(),
                        null)
                : null;
    }

    private static SimilarityMatrix similarity(Path file, JsonNode json) {
        JsonNode rows = json.path("similarity");
        if (!rows.isArray() || rows.size() < 2) {
            throw new UserException(
                    "%s has no matrix \"similarity\"; it is no analysis that analyze wrote.".formatted(file));
        }
        List<List<Similarity>> matrix = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            if (rows.path(i).size() != rows.size()) {
                throw new UserException("The matrix \"similarity\" in %s is not square.".formatted(file));
            }
            List<Similarity> cells = new ArrayList<>();
            for (int j = 0; j < rows.size(); j++) {
                JsonNode cell = rows.path(i).path(j);
                cells.add(cell.isNumber() ? new Similarity.Value(cell.asDouble()) : undefined(json, Math.min(i, j)));
            }
            matrix.add(cells);
        }
        return new SimilarityMatrix(matrix);
    }

    private static Similarity undefined(JsonNode json, int layer) {
        return new Similarity.Undefined(json.path(REASONS)
                .path(String.valueOf(layer))
                .asText("A hidden state does not vary over the examples, so the similarity is undefined."));
    }

    private static Optional<Position> position(Path file, JsonNode json) {
        JsonNode id = json.path("position");
        if (!id.isTextual()) {
            return Optional.empty();
        }
        for (Position position : Position.values()) {
            if (position.id().equals(id.asText())) {
                return Optional.of(position);
            }
        }
        throw new UserException("%s has the unknown position \"%s\".".formatted(file, id.asText()));
    }

    private static String text(Path file, JsonNode json, String key) {
        if (!json.path(key).isTextual()) {
            throw new UserException(
                    "%s has no text \"%s\"; it is no analysis that analyze wrote.".formatted(file, key));
        }
        return json.path(key).asText();
    }
}
