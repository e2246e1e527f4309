package org.layerwise.study.analysis;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.base.json.Json;
import org.layerwise.data.token.ReferenceCompatibility;
import org.layerwise.run.Provenance;
import org.layerwise.run.RowsIdentity;
import org.layerwise.selection.LayerSelection;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;

/**
 * Writer of {@code analysis.json}, which {@link AnalysisReader} reads. The result of the first measure is at the top
 * level, the other results are under {@code other_measures}. Undefined values are written as null, never as a number.
 * With the same settings, data, model and machine the file is identical except for its last two keys, {@code computed}
 * and {@code seconds}.
 */
public final class AnalysisJson {

    static final String REASONS = "undefined_reasons";
    static final String CELL_REASONS = "undefined_similarities";
    static final String OTHERS = "other_measures";
    static final int VERSION = 2;

    /**
     * Key of the loss that gradients are computed of: the way in which losses are averaged. Files of earlier versions,
     * which averaged those of language models by row, lack it.
     */
    static final String GRADIENT_LOSS = "gradient_loss";

    private static final String MEAN = "mean over rows, for language models over learnt tokens";

    private AnalysisJson() {}

    /**
     * Returns the content of {@code analysis.json} for an analysis.
     *
     * @param grams name of the file of the Gram matrices in the same folder; null for none
     */
    public static ObjectNode write(Analysis analysis, @Nullable String grams) {
        ObjectNode json = Json.object();
        json.put("version", VERSION);
        json.put("model", analysis.model());
        json.put("kind", analysis.kind().id());
        json.put("data", analysis.data());
        json.put("task", analysis.task());
        json.put(
                "position",
                analysis.position() == null ? null : analysis.position().id());
        json.put("samples", analysis.samples());
        json.put("cut_rows", analysis.cutRows());
        putResult(json, analysis, analysis.primary());
        ArrayNode others = json.putArray(OTHERS);
        analysis.results().stream().skip(1).forEach(result -> putResult(others.addObject(), analysis, result));
        if (hasGradients(analysis.results())) {
            json.put(GRADIENT_LOSS, MEAN);
        }
        json.put("grams", grams);
        json.set("remarks", Json.tree(analysis.remarks()));
        json.set("settings", settings(analysis));
        Provenance provenance = analysis.provenance();
        ObjectNode source = json.putObject("provenance");
        source.put("model", provenance.modelReference());
        provenance.weights().put(source);
        source.put("data_sha256", provenance.dataSha256());
        if (provenance.rows() != null) {
            RowsIdentity.put(source, RowsIdentity.ROWS, List.of(provenance.rows()));
        }
        source.put("adapter", provenance.adapter());
        json.set("versions", Json.tree(provenance.versions()));
        json.put("computed", provenance.computed());
        json.put("seconds", provenance.seconds());
        return json;
    }

    static boolean hasGradients(List<MeasureResult> results) {
        return results.stream().anyMatch(result -> !result.measure().isSimilarity());
    }

    private static void putResult(ObjectNode json, Analysis analysis, MeasureResult result) {
        json.put("measure", result.measure().id());
        result.matrix().ifPresent(matrix -> putMatrix(json, matrix));
        LayerImportance importance = result.importance();
        ArrayNode values = json.putArray("importance");
        ObjectNode reasons = Json.object();
        for (int layer = 0; layer < importance.layers(); layer++) {
            add(values, importance.of(layer));
            String key = String.valueOf(layer);
            importance.reason(layer).ifPresent(reason -> reasons.put(key, reason));
        }
        json.set(REASONS, reasons);
        json.set("ranking", Json.tree(importance.ranking(analysis.settings().undefined())));
        LayerSelection proposed = analysis.proposed(result);
        json.set("selected", Json.tree(proposed.layers()));
        json.put("one_hot", proposed.oneHot());
        if (result.uncertainty() != null) {
            json.set("uncertainty", uncertainty(result.uncertainty()));
        }
        if (result.baseline() != null) {
            json.set("baseline", baseline(result.baseline()));
        }
    }

    private static void putMatrix(ObjectNode json, SimilarityMatrix matrix) {
        ArrayNode rows = json.putArray("similarity");
        Map<String, ArrayNode> reasons = new LinkedHashMap<>();
        for (int i = 0; i < matrix.rows(); i++) {
            ArrayNode row = rows.addArray();
            for (int j = 0; j < matrix.columns(); j++) {
                add(row, matrix.value(i, j));
                if (matrix.at(i, j) instanceof Similarity.Undefined undefined) {
                    reasons.computeIfAbsent(
                                    undefined.reason(), key -> Json.object().arrayNode())
                            .addArray()
                            .add(i)
                            .add(j);
                }
            }
        }
        if (!reasons.isEmpty()) {
            json.putObject(CELL_REASONS).setAll(reasons);
        }
    }

    private static ObjectNode uncertainty(Uncertainty uncertainty) {
        ObjectNode json = Json.object();
        json.put("replicates", uncertainty.replicates());
        json.put("level", uncertainty.level());
        json.put("seed", uncertainty.seed());
        json.put("interval", uncertainty.kind().id());
        add(json.putArray("low"), uncertainty.intervals(), Interval::low);
        add(json.putArray("high"), uncertainty.intervals(), Interval::high);
        json.set("selected_probability", Json.tree(uncertainty.selected()));
        json.put("expected_overlap", uncertainty.expectedOverlap());
        ArrayNode curve = json.putArray("curve");
        for (Uncertainty.OverlapAt point : uncertainty.curve()) {
            curve.addObject()
                    .put("samples", point.samples())
                    .put("overlap", point.overlap())
                    .put("low", point.low())
                    .put("high", point.high());
        }
        return json;
    }

    private static ObjectNode baseline(UnrelatedSimilarity baseline) {
        ObjectNode json = Json.object();
        json.put("permutations", baseline.permutations());
        json.put("seed", baseline.seed());
        add(json.putArray("mean"), baseline.layers(), UnrelatedSimilarity.Level::mean);
        add(json.putArray("high"), baseline.layers(), UnrelatedSimilarity.Level::high);
        return json;
    }

    private static <T> void add(ArrayNode array, List<@Nullable T> values, ToDoubleFunction<T> number) {
        for (T value : values) {
            if (value == null) {
                array.addNull();
            } else {
                array.add(number.applyAsDouble(value));
            }
        }
    }

    private static ObjectNode settings(Analysis analysis) {
        AnalysisSettings settings = analysis.settings();
        ObjectNode json = Json.object();
        json.put("ratio", settings.ratio());
        json.put("undefined", settings.undefined().id());
        json.put("bootstrap", settings.bootstrap());
        json.put("permutations", settings.permutations());
        json.put("seed", settings.seed());
        json.put("rbf_bandwidth", settings.options().rbfBandwidth());
        json.put("svcca_variance", settings.options().svccaVariance());
        json.put("minibatch", settings.options().minibatch());
        DataSettings rows = analysis.rows();
        if (rows != null) {
            json.put("text", rows.text());
            json.put("label", rows.label());
            json.put("image", rows.image());
            json.put("preset", rows.preset() == null ? null : rows.preset().id());
            json.put("samples", rows.samples());
            json.put("sampling", rows.sampling().id());
            json.put("sampling_seed", rows.samplingSeed());
            json.put("max_length", rows.maxLength());
            json.set(
                    "compat",
                    Json.tree(rows.compatibility().stream()
                            .map(ReferenceCompatibility::id)
                            .toList()));
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
}
