package org.layerwise.analysis.similarity;

import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Factorizations;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Singular vector canonical correlation analysis (Raghu et al., arXiv 1706.05806): of each centred representation the first
 * singular directions are kept, as many as carry a share of its variance, and the canonical correlations between the kept
 * ones averaged, over as many as the smaller set has. Symmetric, between 0 and 1.
 *
 * <p>Directions of n centred examples lie in n-1 dimensions: a representation that needs them all would correlate by 1 with
 * anything, so it is undefined; and two that keep k and l of them share at least {@code k + l - (n-1)}, so that the value
 * says little where n is not well above {@code k + l}.
 */
public final class Svcca implements SimilarityMeasure {

    private final CcaPairs pairs;

    /**
     * @param share of the variance that is kept, above 0 and at most 1
     * @throws org.layerwise.base.UserException if the share is none
     */
    public Svcca(TensorEngine engine, double share) {
        pairs = new CcaPairs(engine, this, share, true, Svcca::row);
    }

    @Override
    public Measure measure() {
        return Measure.SVCCA;
    }

    @Override
    public int fewestSamples() {
        return 3;
    }

    @Override
    public SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial) {
        return pairs.allPairs(representations, device, progress, partial);
    }

    @Override
    public SimilarityMatrix between(Representations first, Representations second, Device device, Progress progress) {
        return pairs.between(first, second, device, progress);
    }

    private static IntFunction<Similarity> row(int state, CcaSide own, CcaSide others) {
        Tensor u = own.of(state).basis().transpose();
        return j ->
                Cells.value(Factorizations.singularValues(u.matmul(others.of(j).basis()))
                        .mean()
                        .item());
    }
}
