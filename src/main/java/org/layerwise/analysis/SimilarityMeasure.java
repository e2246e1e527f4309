package org.layerwise.analysis;

import java.util.function.Consumer;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;

/** Measure of the similarity of two representations of the same examples. */
public interface SimilarityMeasure {

    /** Returns the identifier of this measure. */
    Measure measure();

    /** Returns the minimum number of examples for which the measure is meaningful. */
    int fewestSamples();

    /**
     * Compares all pairs of hidden states of one model.
     *
     * @param device device on which to compute
     * @param partial receives the matrix as it fills; cells that are not yet computed are
     *     {@linkplain org.layerwise.analysis.Similarity.Undefined undefined} with the reason
     *     {@link SimilarityMatrix#PENDING}
     * @throws org.layerwise.base.UserException if there are too few examples, or too many for the memory
     */
    SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial);

    /**
     * Computes the importance of the layers alone, from the similarity of each layer's input and output. A measure for which a pair is
     * costly compares no other pairs.
     *
     * @param device device on which to compute
     * @throws org.layerwise.base.UserException if there are too few examples, or too many for the memory
     */
    default LayerImportance importance(Representations representations, Device device, Progress progress) {
        return LayerImportance.of(allPairs(representations, device, progress, partial -> {}));
    }

    /**
     * Compares every hidden state of one model with every hidden state of another, or of the same model after a
     * fine-tuning, on the same examples. The result has one row per hidden state of the first model and one column per
     * hidden state of the second.
     *
     * @param device device on which to compute
     * @throws org.layerwise.base.UserException if the numbers of examples differ or there are too few, or too many for
     *     the memory, or the widths differ and the measure needs equal ones
     */
    SimilarityMatrix between(Representations first, Representations second, Device device, Progress progress);
}
