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

    /**
     * Compares all pairs of hidden states of one model.
     *
     * @param device where to compute
     * @param partial hears the matrix as it fills; cells that are not yet computed are
     *     {@linkplain org.layerwise.analysis.Similarity.Undefined undefined} with the reason {@link SimilarityMatrix#PENDING}
     * @throws org.layerwise.base.UserException if there are too few examples
     */
    SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial);
}
