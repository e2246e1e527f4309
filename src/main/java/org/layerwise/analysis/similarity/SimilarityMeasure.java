package org.layerwise.analysis.similarity;

import java.util.function.Consumer;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;

/** A measure of how alike two representations of the same examples are. */
public interface SimilarityMeasure {

    /** Which one it is. */
    Measure measure();

    /** The fewest examples for which it says anything. */
    int fewestSamples();

    /**
     * Compares all pairs of hidden states of one model.
     *
     * @param device where to compute
     * @param partial hears the matrix as it fills; cells that are not yet computed are
     *     {@linkplain org.layerwise.analysis.Similarity.Undefined undefined} with the reason {@link SimilarityMatrix#PENDING}
     * @throws org.layerwise.base.UserException if there are too few examples, or too many for the memory
     */
    SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial);

    /**
     * Compares every hidden state of one model with every hidden state of another, or of the same after a fine-tuning, on
     * the same examples: a row a hidden state of the first, a column one of the second.
     *
     * @param device where to compute
     * @throws org.layerwise.base.UserException if the examples are not as many in both or too few, or too many for the
     *     memory, or the widths differ and the measure needs equal ones
     */
    SimilarityMatrix between(Representations first, Representations second, Device device, Progress progress);
}
