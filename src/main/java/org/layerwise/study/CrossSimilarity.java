package org.layerwise.study;

import org.layerwise.analysis.Grams;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.similarity.GramMeasure;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;

/**
 * The similarity of every hidden state of one analysis with every one of another over the same rows, from what both kept:
 * two models, or a model before and after a fine-tuning. The number of layers may differ.
 */
public final class CrossSimilarity {

    private CrossSimilarity() {}

    /**
     * Compares.
     *
     * @param grams of the first, as its folder keeps them
     * @param others of the second
     * @throws UserException if they are not known to be over the same rows in the same order
     */
    public static SimilarityMatrix of(
            GramMeasure measure, Analysis first, Grams grams, Analysis second, Grams others, Progress progress) {
        String rows = first.provenance().dataSha256();
        if (rows == null || !rows.equals(second.provenance().dataSha256())) {
            throw new UserException(
                    "%s (%s) and %s (%s) are not known to be over the same rows, which a similarity of two models needs; analyze both with the same data."
                            .formatted(first.model(), first.task(), second.model(), second.task()));
        }
        return measure.between(grams, others, progress);
    }
}
