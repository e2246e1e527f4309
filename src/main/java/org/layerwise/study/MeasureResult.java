package org.layerwise.study;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.uncertainty.Baseline;
import org.layerwise.analysis.uncertainty.Uncertainty;

/**
 * What one measure says of a model's layers.
 *
 * @param similarity of all pairs of hidden states; null for measures from gradients
 * @param uncertainty of the importance; null where none was asked for, or the measure allows none
 * @param baseline of unrelated data; null likewise
 */
public record MeasureResult(
        Measure measure,
        @Nullable SimilarityMatrix similarity,
        LayerImportance importance,
        @Nullable Uncertainty uncertainty,
        @Nullable Baseline baseline) {

    /** Of a similarity, without uncertainty. */
    public static MeasureResult of(Measure measure, SimilarityMatrix similarity) {
        return new MeasureResult(measure, similarity, LayerImportance.of(similarity), null, null);
    }

    /** The matrix, where there is one. */
    public Optional<SimilarityMatrix> matrix() {
        return Optional.ofNullable(similarity);
    }

    /** The same with its uncertainty. */
    MeasureResult with(@Nullable Uncertainty found, @Nullable Baseline unrelated) {
        return new MeasureResult(measure, similarity, importance, found, unrelated);
    }
}
