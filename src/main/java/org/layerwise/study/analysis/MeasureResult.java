package org.layerwise.study.analysis;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;

/**
 * Result of one measure for the layers of a model.
 *
 * @param similarity similarity of all pairs of hidden states; null for measures from gradients
 * @param uncertainty uncertainty of the importance; null if it was not requested, or the measure does not allow it
 * @param baseline baseline of unrelated data; null if it was not requested, or the measure does not allow it
 */
public record MeasureResult(
        Measure measure,
        @Nullable SimilarityMatrix similarity,
        LayerImportance importance,
        @Nullable Uncertainty uncertainty,
        @Nullable UnrelatedSimilarity baseline) {

    /** Returns the result of a similarity measure, without uncertainty. */
    public static MeasureResult of(Measure measure, SimilarityMatrix similarity) {
        return new MeasureResult(measure, similarity, LayerImportance.of(similarity), null, null);
    }

    /** Returns the similarity matrix; empty for measures from gradients. */
    public Optional<SimilarityMatrix> matrix() {
        return Optional.ofNullable(similarity);
    }

    /** Returns this result with its uncertainty and its baseline. */
    MeasureResult with(@Nullable Uncertainty found, @Nullable UnrelatedSimilarity unrelated) {
        return new MeasureResult(measure, similarity, importance, found, unrelated);
    }
}
