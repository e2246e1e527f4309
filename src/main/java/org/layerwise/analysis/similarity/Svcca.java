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
 * Singular vector canonical correlation analysis (Raghu et al., arXiv 1706.05806): of each centred representation the
 * first singular directions are kept that together carry a share of its variance. The value is the mean of the
 * canonical correlations between the kept directions, over the number of directions in the smaller set. It is symmetric
 * and between 0 and 1.
 *
 * <p>Directions of n centred examples lie in n-1 dimensions: a representation that needs all of them would have
 * correlation 1 with any other, so it is undefined. Two representations that keep k and l directions share at least
 * {@code k + l - (n-1)}, so the value has little meaning unless n is well above {@code k + l}.
 */
public final class Svcca implements SimilarityMeasure {

    private final CcaPairs pairs;

    /**
     * Creates the measure.
     *
     * @param share share of the variance that is kept, above 0 and at most 1
     * @throws org.layerwise.base.UserException if the share is outside this range
     */
    public Svcca(TensorEngine engine, double share) {
        pairs = new CcaPairs(engine, this, share, Svcca::row);
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
        return j -> SimilarityCells.value(
                Factorizations.singularValues(u.matmul(others.of(j).basis()))
                        .mean()
                        .item());
    }
}
