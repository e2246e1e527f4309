package org.layerwise.analysis.similarity;

import java.util.function.Consumer;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;

/**
 * A measure that follows from the inner products of examples alone, so that several of them share {@link Grams} computed
 * once, and stored Grams can be compared without a model.
 */
public interface GramMeasure extends SimilarityMeasure {

    /**
     * Compares all pairs of hidden states of one model.
     *
     * @param partial hears the matrix as it fills, as in {@link SimilarityMeasure#allPairs}
     * @throws org.layerwise.base.UserException if there are too few examples
     */
    SimilarityMatrix allPairs(Grams grams, Progress progress, Consumer<SimilarityMatrix> partial);

    /**
     * Compares every hidden state of one model with every one of another on the same examples.
     *
     * @throws org.layerwise.base.UserException if the examples are not as many in both, or too few
     */
    SimilarityMatrix between(Grams first, Grams second, Progress progress);
}
