package org.layerwise.study.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.IntervalKind;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.JsonNumbers;
import org.layerwise.base.json.NumberReader;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.token.ReferenceCompatibility;
import org.layerwise.run.ModelIdentity;
import org.layerwise.run.Provenance;
import org.layerwise.run.RowsIdentity;
import org.layerwise.selection.ModelKind;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;

/**
 * Reader of an {@code analysis.json} that {@link AnalysisJson} wrote, or that an early version without measures wrote.
 */
final class AnalysisReader {

    private static final String NO_REASON =
            "A hidden state does not vary over the examples, so the similarity is undefined.";

    private static final String ROW_MEANS =
            "An earlier version computed this: of a language model, its gradients are those of the mean over rows of each row's own mean loss, not of the mean over all learnt tokens, which train follows; analyze again to compare it with newer analyses.";

    private final Path file;
    private final NumberReader numbers;

    AnalysisReader(Path file) {
        this.file = file;
        this.numbers = new NumberReader(file, "Run the analysis again.");
    }

    /**
     * Reads the file.
     *
     * @throws UserException if the file is missing or does not hold an analysis
     */
    Analysis read() {
        JsonNode json = Json.read(file);
        if (numbers.count(json, "version") > AnalysisJson.VERSION) {
            throw new UserException(
                    "%s was written by a newer version of Layerwise; open it with that one.".formatted(file));
        }
        List<MeasureResult> results = new ArrayList<>();
        results.add(result(json));
        json.path(AnalysisJson.OTHERS).forEach(other -> results.add(result(other)));
        int layers = results.get(0).importance().layers();
        if (results.stream().anyMatch(result -> result.importance().layers() != layers)) {
            throw new UserException(
                    "The measures in %s are of different numbers of layers; run the analysis again.".formatted(file));
        }
        List<Measure> measures = results.stream().map(MeasureResult::measure).toList();
        return new Analysis(
                text(json, "model"),
                ModelKind.of(json.path("kind").asText(ModelKind.ENCODER.id())),
                text(json, "data"),
                json.path("task").asText("task"),
                position(json).orElse(null),
                numbers.count(json, "samples"),
                numbers.count(json, "cut_rows"),
                results,
                null,
                settings(json, measures),
                rows(text(json, "data"), json.path("settings")),
                provenance(json),
                remarks(json, results));
    }

    /**
     * Returns true if a file is or may be an analysis: it has a measure, or it cannot be read and may be a broken
     * analysis.
     */
    static boolean mayBeOne(Path file) {
        try {
            return Json.read(file).has("measure");
        } catch (UserException e) {
            return true;
        }
    }

    private static List<String> remarks(JsonNode json, List<MeasureResult> results) {
        List<String> remarks = new ArrayList<>();
        json.path("remarks").forEach(remark -> remarks.add(remark.asText()));
        boolean decoder = ModelKind.DECODER.id().equals(json.path("kind").asText());
        if (decoder && AnalysisJson.hasGradients(results) && !json.has(AnalysisJson.GRADIENT_LOSS)) {
            remarks.add(ROW_MEANS);
        }
        return remarks;
    }

    private MeasureResult result(JsonNode json) {
        String id = text(json, "measure");
        Measure measure = Measure.of(id)
                .orElseThrow(() -> new UserException("%s has the unknown measure \"%s\"; known are %s."
                        .formatted(file, id, String.join(", ", Measure.ids()))));
        SimilarityMatrix matrix = json.has("similarity") || measure.isSimilarity() ? matrix(json) : null;
        LayerImportance importance = matrix == null ? scores(json) : LayerImportance.of(matrix);
        return new MeasureResult(
                measure,
                matrix,
                importance,
                json.has("uncertainty") ? uncertainty(json.path("uncertainty"), measure, importance.layers()) : null,
                json.has("baseline") ? baseline(json.path("baseline"), importance.layers()) : null);
    }

    private LayerImportance scores(JsonNode json) {
        JsonNode values = json.path("importance");
        if (!values.isArray() || values.isEmpty()) {
            throw new UserException(
                    "%s has no list \"importance\"; it is no analysis that analyze wrote.".formatted(file));
        }
        List<Similarity> scores = new ArrayList<>();
        for (int layer = 0; layer < values.size(); layer++) {
            JsonNode value = values.get(layer);
            scores.add(
                    value.isNumber()
                            ? new Similarity.Value(numbers.finite(value, "importance"))
                            : new Similarity.Undefined(json.path(AnalysisJson.REASONS)
                                    .path(String.valueOf(layer))
                                    .asText(NO_REASON)));
        }
        return LayerImportance.ofScores(scores);
    }

    private SimilarityMatrix matrix(JsonNode json) {
        JsonNode rows = json.path("similarity");
        if (!rows.isArray() || rows.size() < 2) {
            throw new UserException(
                    "%s has no matrix \"similarity\"; it is no analysis that analyze wrote.".formatted(file));
        }
        for (JsonNode row : rows) { // checked before anything of this size is allocated
            if (row.size() != rows.size()) {
                throw new UserException("The matrix \"similarity\" in %s is not square.".formatted(file));
            }
        }
        @Nullable String[][] reasons = cellReasons(json, rows.size());
        List<List<Similarity>> matrix = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            List<Similarity> cells = new ArrayList<>();
            for (int j = 0; j < rows.size(); j++) {
                JsonNode cell = rows.path(i).path(j);
                String reason = reasons[i][j];
                cells.add(
                        cell.isNumber()
                                ? new Similarity.Value(numbers.finite(cell, "similarity"))
                                : new Similarity.Undefined(reason == null ? NO_REASON : reason));
            }
            matrix.add(cells);
        }
        return new SimilarityMatrix(matrix);
    }

    private static @Nullable String[][] cellReasons(JsonNode json, int size) {
        @Nullable String[][] reasons = new String[size][size];
        JsonNode cells = json.path(AnalysisJson.CELL_REASONS);
        if (cells.isMissingNode()) {
            // the first version wrote reasons of layers only
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    reasons[i][j] = json.path(AnalysisJson.REASONS)
                            .path(String.valueOf(Math.min(i, j)))
                            .asText(NO_REASON);
                }
            }
        }
        for (Map.Entry<String, JsonNode> entry : cells.properties()) {
            for (JsonNode cell : entry.getValue()) {
                int i = index(cell.path(0));
                int j = index(cell.path(1));
                if (i >= 0 && i < size && j >= 0 && j < size) {
                    reasons[i][j] = entry.getKey();
                }
            }
        }
        return reasons;
    }

    /** Returns an index of the matrix; -1, which is outside of the matrix, for a value that is no index. */
    private static int index(JsonNode value) {
        return JsonNumbers.isWhole(value, 0, Integer.MAX_VALUE) ? value.intValue() : -1;
    }

    private Uncertainty uncertainty(JsonNode json, Measure measure, int layers) {
        List<@Nullable Interval> intervals = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            JsonNode low = json.path("low").path(layer);
            JsonNode high = json.path("high").path(layer);
            intervals.add(
                    low.isNumber() && high.isNumber()
                            ? new Interval(numbers.finite(low, "low"), numbers.finite(high, "high"))
                            : null);
        }
        List<Uncertainty.OverlapAt> curve = new ArrayList<>();
        for (JsonNode point : json.path("curve")) {
            curve.add(new Uncertainty.OverlapAt(
                    numbers.count(point, "samples"),
                    numbers.finite(point, "overlap", 0),
                    numbers.finite(point, "low", 0),
                    numbers.finite(point, "high", 0)));
        }
        List<Double> selected = numbers(json.path("selected_probability"), "selected_probability");
        if (selected.size() != layers) {
            throw new UserException("The list \"selected_probability\" in %s has %s numbers for %s layers."
                    .formatted(file, selected.size(), layers));
        }
        return new Uncertainty(
                numbers.count(json, "replicates"),
                numbers.finite(json, "level", 0),
                numbers.seed(json, "seed", 0),
                kind(json, measure),
                intervals,
                selected,
                numbers.finite(json, "expected_overlap", 0),
                curve);
    }

    /**
     * Returns the kind of the intervals. Earlier versions did not write the kind, so a missing one follows from the
     * measure.
     */
    private IntervalKind kind(JsonNode json, Measure measure) {
        if (!json.has("interval")) {
            return IntervalKind.earlier(measure);
        }
        String id = json.path("interval").asText();
        return IntervalKind.of(id)
                .orElseThrow(() -> new UserException(
                        "%s has intervals of the unknown kind \"%s\"; a newer version may have written it."
                                .formatted(file, id)));
    }

    private UnrelatedSimilarity baseline(JsonNode json, int layers) {
        List<UnrelatedSimilarity.@Nullable Level> levels = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            JsonNode mean = json.path("mean").path(layer);
            levels.add(
                    mean.isNumber()
                            ? new UnrelatedSimilarity.Level(
                                    numbers.finite(mean, "mean"),
                                    numbers.finite(json.path("high").path(layer), "high"))
                            : null);
        }
        return new UnrelatedSimilarity(numbers.count(json, "permutations"), numbers.seed(json, "seed", 0), levels);
    }

    private List<Double> numbers(JsonNode array, String key) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(value -> numbers.finite(value, key))
                .toList();
    }

    private AnalysisSettings settings(JsonNode json, List<Measure> measures) {
        JsonNode settings = json.path("settings");
        MeasureOptions defaults = MeasureOptions.DEFAULTS;
        return new AnalysisSettings(
                position(json).orElse(null),
                numbers.finite(settings, "ratio", AnalysisSettings.DEFAULT_RATIO),
                settings.path("undefined").asText("exclude").equals("include")
                        ? UndefinedLayers.INCLUDE
                        : UndefinedLayers.EXCLUDE,
                json.path("task").asText(null),
                measures,
                new MeasureOptions(
                        numbers.finite(settings, "rbf_bandwidth", defaults.rbfBandwidth()),
                        numbers.finite(settings, "svcca_variance", defaults.svccaVariance()),
                        settings.has("minibatch") ? numbers.count(settings, "minibatch") : defaults.minibatch()),
                numbers.count(settings, "bootstrap"),
                numbers.count(settings, "permutations"),
                numbers.seed(settings, "seed", AnalysisSettings.DEFAULT_SEED));
    }

    private @Nullable DataSettings rows(String data, JsonNode settings) {
        if (!settings.has("max_length")) {
            return null;
        }
        DataSettings plain = new DataSettings(
                data,
                settings.path("text").asText(null),
                settings.path("label").asText(null),
                settings.path("image").asText(null),
                settings.hasNonNull("samples") ? numbers.requiredCount(settings, "samples") : null,
                numbers.count(settings, "max_length"),
                null);
        Set<ReferenceCompatibility> compatibility = EnumSet.noneOf(ReferenceCompatibility.class);
        settings.path("compat")
                .forEach(id -> compatibility.add(
                        known(id, "compat", ReferenceCompatibility.values(), ReferenceCompatibility::id)));
        return plain.withPreset(
                        settings.path("preset").isTextual()
                                ? known(settings.path("preset"), "preset", TaskPreset.values(), TaskPreset::id)
                                : null)
                .withSampling(
                        settings.has("sampling")
                                ? known(settings.path("sampling"), "sampling", SamplingMode.values(), SamplingMode::id)
                                : SamplingMode.FIRST,
                        numbers.seed(settings, "sampling_seed", DataSettings.DEFAULT_SAMPLING_SEED))
                .withCompatibility(compatibility);
    }

    private <T> T known(JsonNode id, String key, T[] values, Function<T, String> name) {
        return Arrays.stream(values)
                .filter(value -> name.apply(value).equals(id.asText()))
                .findFirst()
                .orElseThrow(() -> new UserException("%s has the unknown value \"%s\" for \"%s\"; known are %s."
                        .formatted(
                                file,
                                id.asText(),
                                key,
                                String.join(
                                        ", ", Arrays.stream(values).map(name).toList()))));
    }

    private Provenance provenance(JsonNode json) {
        JsonNode source = json.path("provenance");
        Map<String, String> versions = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> version : json.path("versions").properties()) {
            versions.put(version.getKey(), version.getValue().asText());
        }
        return new Provenance(
                source.path("model").asText(null),
                ModelIdentity.of(source),
                source.path("data_sha256").asText(null),
                RowsIdentity.all(source, RowsIdentity.ROWS).stream().findFirst().orElse(null),
                source.path("adapter").asText(null),
                versions,
                json.path("computed").asText(""),
                numbers.finite(json, "seconds", 0));
    }

    private Optional<Position> position(JsonNode json) {
        JsonNode id = json.path("position");
        if (!id.isTextual()) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(Position.values())
                .filter(position -> position.id().equals(id.asText()))
                .findFirst()
                .orElseThrow(
                        () -> new UserException("%s has the unknown position \"%s\".".formatted(file, id.asText()))));
    }

    private String text(JsonNode json, String key) {
        if (!json.path(key).isTextual()) {
            throw new UserException(
                    "%s has no text \"%s\"; it is no analysis that analyze wrote.".formatted(file, key));
        }
        return json.path(key).asText();
    }
}
