package org.layerwise.study.analysis;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.ExpertLoad;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.JsonRecords;
import org.layerwise.base.json.Min;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.token.ReferenceCompatibility;
import org.layerwise.run.ModelIdentity;
import org.layerwise.run.Provenance;
import org.layerwise.run.RowsIdentity;
import org.layerwise.selection.LayerKind;
import org.layerwise.selection.LayerKinds;
import org.layerwise.selection.ModelKind;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;

/**
 * Reads and writes {@code analysis.json}. The result of the first measure is at the top level, the other results are
 * under {@code other_measures}. With the same settings, data, model and machine the file is identical except for its
 * last two keys, {@code computed} and {@code seconds}. Files of the first version, without measures, are read, too.
 */
public final class AnalysisJson {

    private static final int VERSION = 2;

    private static final String MEAN = "mean over rows, for language models over learnt tokens";

    private static final String ROW_MEANS =
            "An earlier version computed this: of a language model, its gradients are those of the mean over rows of"
                    + " each row's own mean loss, not of the mean over all learnt tokens, which train follows; analyze"
                    + " again to compare it with newer analyses.";

    private AnalysisJson() {}

    /**
     * Returns the content of {@code analysis.json} for an analysis.
     *
     * @param grams name of the file of the Gram matrices in the same folder; null for none
     */
    public static ObjectNode write(Analysis analysis, @Nullable String grams) {
        return JsonRecords.tree(Content.of(analysis, grams));
    }

    /**
     * Reads a file.
     *
     * @throws UserException if the file is missing or does not hold an analysis
     */
    static Analysis read(Path file) {
        JsonNode json = Json.read(file);
        if (json.path("version").intValue() > VERSION) {
            throw new UserException(
                    "%s was written by a newer version of Layerwise; open it with that one.".formatted(file));
        }
        return JsonRecords.of(file, json, Content.class, "Run the analysis again.", Content::analysis);
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

    /**
     * Content of the file.
     *
     * @param layerKinds kinds of each layer, as far as layers differ; null if they do not, or in files of earlier versions
     * @param expertLoad number of tokens of each expert, layer by layer; null without experts, or in files of earlier
     *     versions
     * @param gradientLoss loss that gradients are computed of: the way in which losses are averaged. Files of earlier
     *     versions, which averaged those of language models by row, lack it
     * @param settings settings; null in files of early versions, which were computed with the defaults
     */
    private record Content(
            @Min(0) int version,
            @JsonProperty(required = true) String model,
            @Nullable ModelKind kind,
            @JsonInclude(Include.NON_NULL) @Nullable List<SortedSet<LayerKind>> layerKinds,
            @JsonProperty(required = true) String data,
            @Nullable String task,
            @Nullable Position position,
            @Min(0) int samples,
            @Min(0) int cutRows,
            @JsonUnwrapped MeasureResultContent result,
            @Nullable List<MeasureResultContent> otherMeasures,
            @JsonInclude(Include.NON_NULL) @Nullable List<List<Long>> expertLoad,
            @JsonInclude(Include.NON_NULL) @Nullable String gradientLoss,
            @Nullable String grams,
            @Nullable List<String> remarks,
            @Nullable Settings settings,
            @Nullable Source provenance,
            @Nullable Map<String, String> versions,
            @Nullable String computed,
            double seconds) {

        static Content of(Analysis analysis, @Nullable String grams) {
            List<MeasureResultContent> results = analysis.results().stream()
                    .map(result -> MeasureResultContent.of(analysis, result))
                    .toList();
            Provenance provenance = analysis.provenance();
            return new Content(
                    VERSION,
                    analysis.model(),
                    analysis.kind(),
                    kinds(analysis.kinds()),
                    analysis.data(),
                    analysis.task(),
                    analysis.position(),
                    analysis.samples(),
                    analysis.cutRows(),
                    results.get(0),
                    results.subList(1, results.size()),
                    analysis.expertLoad() == null ? null : analysis.expertLoad().tokens(),
                    hasGradients(analysis.results()) ? MEAN : null,
                    grams,
                    analysis.remarks(),
                    Settings.of(analysis.settings(), analysis.rows()),
                    Source.of(provenance),
                    provenance.versions(),
                    provenance.computed(),
                    provenance.seconds());
        }

        private static @Nullable List<SortedSet<LayerKind>> kinds(LayerKinds kinds) {
            return kinds.layers().isEmpty()
                    ? null
                    : kinds.layers().stream()
                            .<SortedSet<LayerKind>>map(TreeSet::new)
                            .toList();
        }

        Analysis analysis() {
            List<MeasureResult> results = Stream.concat(
                            Stream.of(result),
                            requireNonNullElse(otherMeasures, List.<MeasureResultContent>of()).stream())
                    .map(MeasureResultContent::result)
                    .toList();
            if (results.stream()
                            .map(one -> one.importance().layers())
                            .distinct()
                            .count()
                    > 1) {
                throw new UserException("The measures are of different numbers of layers; run the analysis again.");
            }
            List<Measure> measures =
                    results.stream().map(MeasureResult::measure).toList();
            Settings known = requireNonNullElse(settings, Settings.NONE);
            return new Analysis(
                    model,
                    requireNonNullElse(kind, ModelKind.ENCODER),
                    layerKinds == null ? LayerKinds.NONE : new LayerKinds(List.copyOf(layerKinds)),
                    data,
                    requireNonNullElse(task, "task"),
                    position,
                    samples,
                    cutRows,
                    results,
                    null,
                    known.analysis(position, task, measures),
                    known.rows(data),
                    requireNonNullElse(provenance, Source.UNKNOWN).provenance(versions, computed, seconds),
                    remarks(results),
                    expertLoad == null ? null : new ExpertLoad(expertLoad));
        }

        private List<String> remarks(List<MeasureResult> results) {
            List<String> all = new ArrayList<>(requireNonNullElse(remarks, List.of()));
            if (kind == ModelKind.DECODER && hasGradients(results) && gradientLoss == null) {
                all.add(ROW_MEANS);
            }
            return all;
        }

        private static boolean hasGradients(List<MeasureResult> results) {
            return results.stream().anyMatch(result -> result.measure().source() == Measure.Source.GRADIENTS);
        }
    }

    /** Settings of the analysis and of the rows. */
    private record Settings(
            @Nullable Double ratio,
            @Nullable UndefinedLayers undefined,
            @Min(0) int bootstrap,
            @Min(0) int permutations,
            @Nullable Long seed,
            @Nullable Double rbfBandwidth,
            @Nullable Double svccaVariance,
            @Min(0) @Nullable Integer minibatch,
            @JsonInclude(Include.NON_NULL) @Nullable Double ablationFactor,
            @Min(1) @JsonInclude(Include.NON_NULL) @Nullable Integer evaComponents,
            @JsonUnwrapped @Nullable Rows rows) {

        static final Settings NONE = new Settings(null, null, 0, 0, null, null, null, null, null, null, null);

        static Settings of(AnalysisSettings settings, @Nullable DataSettings rows) {
            return new Settings(
                    settings.ratio(),
                    settings.undefined(),
                    settings.bootstrap(),
                    settings.permutations(),
                    settings.seed(),
                    settings.options().rbfBandwidth(),
                    settings.options().svccaVariance(),
                    settings.options().minibatch(),
                    unlessDefault(settings.values(), AnalysisSettings.ABLATION_FACTOR),
                    unlessDefault(settings.values(), AnalysisSettings.EVA_COMPONENTS),
                    rows == null ? null : Rows.of(rows));
        }

        private static <T> @Nullable T unlessDefault(SettingValues values, Setting<T> setting) {
            T value = values.get(setting);
            return value.equals(SettingValues.none().get(setting)) ? null : value;
        }

        AnalysisSettings analysis(@Nullable Position position, @Nullable String task, List<Measure> measures) {
            return new AnalysisSettings(SettingValues.none()
                    .with(AnalysisSettings.POSITION, Optional.ofNullable(position))
                    .with(AnalysisSettings.RATIO, Optional.ofNullable(ratio))
                    .with(AnalysisSettings.UNDEFINED, Optional.ofNullable(undefined))
                    .with(AnalysisSettings.NAME, Optional.ofNullable(task))
                    .with(AnalysisSettings.MEASURES, measures)
                    .with(AnalysisSettings.RBF_BANDWIDTH, Optional.ofNullable(rbfBandwidth))
                    .with(AnalysisSettings.SVCCA_VARIANCE, Optional.ofNullable(svccaVariance))
                    .with(AnalysisSettings.MINIBATCH, Optional.ofNullable(minibatch))
                    .with(AnalysisSettings.ABLATION_FACTOR, Optional.ofNullable(ablationFactor))
                    .with(AnalysisSettings.EVA_COMPONENTS, Optional.ofNullable(evaComponents))
                    .with(AnalysisSettings.BOOTSTRAP, bootstrap)
                    .with(AnalysisSettings.PERMUTATIONS, permutations)
                    .with(AnalysisSettings.SEED, Optional.ofNullable(seed)));
        }

        @Nullable
        DataSettings rows(String data) {
            return rows == null || rows.maxLength == null ? null : rows.settings(data, rows.maxLength);
        }
    }

    /** Settings of the rows. */
    private record Rows(
            @Nullable String text,
            @Nullable String label,
            @Nullable String image,
            @Nullable TaskPreset preset,
            @Min(0) @Nullable Integer samples,
            @Nullable SamplingMode sampling,
            @Nullable Long samplingSeed,
            @Min(0) @Nullable Integer maxLength,
            @Nullable List<ReferenceCompatibility> compat) {

        static Rows of(DataSettings rows) {
            return new Rows(
                    rows.text(),
                    rows.label(),
                    rows.image(),
                    rows.preset(),
                    rows.samples(),
                    rows.sampling(),
                    rows.samplingSeed(),
                    rows.maxLength(),
                    List.copyOf(rows.compatibility()));
        }

        DataSettings settings(String data, int length) {
            return new DataSettings(data, text, label, image, samples, length, null)
                    .withPreset(preset)
                    .withSampling(
                            requireNonNullElse(sampling, SamplingMode.FIRST),
                            requireNonNullElse(samplingSeed, DataSettings.DEFAULT_SAMPLING_SEED))
                    .withCompatibility(Set.copyOf(requireNonNullElse(compat, List.of())));
        }
    }

    /** Inputs of the analysis. */
    private record Source(
            @Nullable String model,
            @JsonUnwrapped ModelIdentity weights,
            @Nullable String dataSha256,
            @JsonInclude(Include.NON_NULL) @Nullable String rowsSha256,
            @JsonInclude(Include.NON_NULL) @Nullable String rowsImagesSha256,
            @Nullable String adapter) {

        static final Source UNKNOWN = new Source(null, ModelIdentity.UNKNOWN, null, null, null, null);

        static Source of(Provenance provenance) {
            RowsIdentity rows = provenance.rows();
            return new Source(
                    provenance.modelReference(),
                    provenance.weights(),
                    provenance.dataSha256(),
                    rows == null ? null : rows.sha256(),
                    rows == null ? null : rows.imagesSha256(),
                    provenance.adapter());
        }

        Provenance provenance(@Nullable Map<String, String> versions, @Nullable String computed, double seconds) {
            return new Provenance(
                    model,
                    weights,
                    dataSha256,
                    rowsSha256 == null ? null : new RowsIdentity(rowsSha256, rowsImagesSha256),
                    adapter,
                    requireNonNullElse(versions, Map.of()),
                    requireNonNullElse(computed, ""),
                    seconds);
        }
    }
}
