package org.layerwise.analysis.similarity;

import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Factorizations;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Projection weighted canonical correlation analysis (Morcos et al., arXiv 1806.05759, section 2.2): the canonical
 * correlations {@code rho_i} of X and Y averaged with the weights {@code alpha_i = sum_j |<h_i, x_j>|}, how much of the
 * features {@code x_j} of X the canonical vector {@code h_i} of X accounts for.
 *
 * <p>The weights are those of the first representation, so that it is not symmetric: the row of a matrix is the first, the
 * column the second. The importance of a layer weighs by its input. It is left as published rather than averaged over both
 * orders. Correlations are taken between the directions that carry a share of the variance, as in {@link Svcca}: with all
 * of it, as in the paper, n examples of more than n-2 features would have every correlation 1.
 */
public final class Pwcca implements SimilarityMeasure {

    private final CcaPairs pairs;

    /**
     * @param share of the variance that is kept, above 0 and at most 1
     * @throws org.layerwise.base.UserException if the share is none
     */
    public Pwcca(TensorEngine engine, double share) {
        pairs = new CcaPairs(engine, this, share, false, Pwcca::row);
    }

    @Override
    public Measure measure() {
        return Measure.PWCCA;
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

    private static IntToDoubleFunction row(Directions first, CcaSide others) {
        Tensor u = first.basis().transpose();
        Tensor loadings = first.loadings();
        return j -> {
            Factorizations.Svd svd = Factorizations.svd(u.matmul(others.of(j).basis()));
            Tensor weights = svd.u().transpose().matmul(loadings).abs().sum(1, false);
            return weights.mul(svd.s()).sum().item() / weights.sum().item();
        };
    }
}
