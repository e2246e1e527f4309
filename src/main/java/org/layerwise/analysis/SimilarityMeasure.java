package org.layerwise.analysis;

import java.util.function.Consumer;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;

/** A measure of how alike two representations of the same examples are. */
public interface SimilarityMeasure {

    /** Its name in files, for example {@code linear-cka}. */
    String id();

    /** Its name for people, for example {@code linear CKA}. */
    String title();

    /**
     * Compares all pairs of hidden states.
     *
     * @param device where to compute
     * @param partial hears the matrix as it fills; cells that are not yet computed are {@linkplain Similarity.Undefined
     *     undefined} with the reason {@link SimilarityMatrix#PENDING}
     * @throws org.layerwise.base.UserException if there are too few examples
     */
    SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial);
}
