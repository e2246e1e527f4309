package org.layerwise.analysis.similarity;

import java.util.List;
import java.util.function.Consumer;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.SimilarityMeasure;
import org.layerwise.base.Progress;
import org.layerwise.tensor.TensorEngine;

/**
 * Measure that depends on the inner products of examples alone, so that several such measures share {@link Grams}
 * computed once, and stored Grams can be compared without a model.
 */
public interface GramMeasure extends SimilarityMeasure {

    /** Returns the measures that Gram matrices suffice for, in their order. */
    static List<GramMeasure> among(List<Measure> measures, MeasureOptions options, TensorEngine engine) {
        return measures.stream()
                .filter(Measure::fromRepresentations)
                .map(measure -> measure.with(options, engine))
                .filter(GramMeasure.class::isInstance)
                .map(GramMeasure.class::cast)
                .toList();
    }

    /** Returns true if the measure has no other way than {@link Grams}, so that it is worth keeping large ones. */
    boolean needsGrams();

    /**
     * Compares all pairs of hidden states of one model.
     *
     * @param partial receives the matrix as it fills, as in {@link SimilarityMeasure#allPairs}
     * @throws org.layerwise.base.UserException if there are too few examples
     */
    SimilarityMatrix allPairs(Grams grams, Progress progress, Consumer<SimilarityMatrix> partial);

    /**
     * Compares every hidden state of one model with every hidden state of another on the same examples.
     *
     * @throws org.layerwise.base.UserException if the numbers of examples differ, or there are too few examples
     */
    SimilarityMatrix between(Grams first, Grams second, Progress progress);
}
