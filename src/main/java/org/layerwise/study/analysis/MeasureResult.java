package org.layerwise.study.analysis;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.inputs.EvaRanks;
import org.layerwise.analysis.uncertainty.Reliability;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;

/**
 * Result of one measure for the layers of a model.
 *
 * @param similarity similarity of all pairs of hidden states; null for measures from gradients or weights
 * @param modules importance of each linear map; null for measures that have none
 * @param uncertainty uncertainty of the importance; null if it was not requested, or the measure does not allow it
 * @param baseline baseline of unrelated data; null if it was not requested, or the measure does not allow it
 * @param components first components of the inputs of each linear map, for EVA's ranks; null for other measures, and in
 *     analyses of earlier versions
 * @param reliability reliability of the importance by split halves; null if it was not requested, or the measure does not allow it
 */
public record MeasureResult(
        Measure measure,
        @Nullable SimilarityMatrix similarity,
        LayerImportance importance,
        @Nullable ModuleImportance modules,
        @Nullable List<EvaRanks.Module> components,
        @Nullable Uncertainty uncertainty,
        @Nullable UnrelatedSimilarity baseline,
        @Nullable Reliability reliability) {

    /** Creates the result of a measure of layers alone. */
    public MeasureResult(
            Measure measure,
            @Nullable SimilarityMatrix similarity,
            LayerImportance importance,
            @Nullable Uncertainty uncertainty,
            @Nullable UnrelatedSimilarity baseline) {
        this(measure, similarity, importance, null, null, uncertainty, baseline, null);
    }

    /** Returns the result of a similarity measure, without uncertainty. */
    public static MeasureResult of(Measure measure, SimilarityMatrix similarity) {
        return new MeasureResult(measure, similarity, LayerImportance.of(similarity), null, null);
    }

    /** Returns the result of a measure of linear maps. */
    static MeasureResult of(Measure measure, ModuleImportance modules, int layers) {
        return of(measure, modules, null, layers);
    }

    /** Returns the result of a measure of linear maps that may know the components of their inputs. */
    static MeasureResult of(
            Measure measure, ModuleImportance modules, @Nullable List<EvaRanks.Module> components, int layers) {
        return new MeasureResult(
                measure, null, measure.ofLayers(modules, layers), modules, components, null, null, null);
    }

    /** Returns the similarity matrix; empty for measures from gradients or weights. */
    public Optional<SimilarityMatrix> matrix() {
        return Optional.ofNullable(similarity);
    }

    /** Returns this result with its uncertainty, its baseline and its reliability. */
    MeasureResult with(
            @Nullable Uncertainty found, @Nullable UnrelatedSimilarity unrelated, @Nullable Reliability halves) {
        return new MeasureResult(measure, similarity, importance, modules, components, found, unrelated, halves);
    }
}
