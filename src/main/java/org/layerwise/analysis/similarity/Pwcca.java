package org.layerwise.analysis.similarity;

import java.util.List;
import java.util.function.IntFunction;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Similarity;
import org.layerwise.base.Citation;
import org.layerwise.tensor.Factorizations;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Projection weighted canonical correlation analysis (Morcos et al., arXiv 1806.05759, section 2.2): the mean of the
 * canonical correlations {@code rho_i} of X and Y with the weights {@code alpha_i = sum_j |<h_i, x_j>|}, the extent to
 * which the canonical vector {@code h_i} of X accounts for the features {@code x_j} of X.
 *
 * <p>The weights are those of the first representation, so the measure is not symmetric: the row of a matrix is the
 * first representation, the column the second. For the importance of a layer, the weights are those of its input. The
 * measure is left as published rather than averaged over both orders. Correlations are taken between the directions
 * that carry a share of the variance, as in {@link Svcca}: with all of the variance, as in the paper, n examples of
 * more than n-2 features would have every correlation 1. If the k and l directions that two representations keep are
 * more than n together, several correlations are 1 for any data. Their canonical vectors are then an arbitrary basis of
 * the shared space, and so the weights are arbitrary too: the value is undefined.
 */
public final class Pwcca extends CcaMeasure {

    private static final Citation PAPER = new Citation(
            "Morcos et al., 2018",
            "A. S. Morcos, M. Raghu and S. Bengio. Insights on representational similarity in neural networks with canonical"
                    + " correlation. NeurIPS 2018. arXiv:1806.05759.");

    public static final Measure MEASURE = Measure.ofRepresentations(
                    "pwcca", (options, engine) -> new Pwcca(engine, options.svccaVariance()))
            .title("PWCCA")
            .shortName("PWCCA")
            .description("Correlated directions, weighted by how much of the first representation they explain.")
            .citing(PAPER)
            .methods(CcaMeasure::methods)
            .withoutInterval("PWCCA" + NO_INTERVAL)
            .asymmetric()
            .build();

    /**
     * Creates the measure.
     *
     * @param share share of the variance that is kept, above 0 and at most 1
     * @throws org.layerwise.base.UserException if the share is outside this range
     */
    public Pwcca(TensorEngine engine, double share) {
        super(engine, MEASURE, share);
    }

    @Override
    IntFunction<Similarity> row(int state, List<Directions> own, List<Directions> others) {
        Directions first = own.get(state);
        Tensor u = first.basis().transpose();
        Tensor loadings = first.loadings();
        return j -> {
            Directions second = others.get(j);
            if (first.count() + second.count() > first.samples()) {
                return undetermined(state, first, j, second);
            }
            Factorizations.Svd svd = Factorizations.svd(u.matmul(second.basis()));
            Tensor weights = svd.u().transpose().matmul(loadings).abs().sum(1, false);
            return SimilarityCells.value(
                    weights.mul(svd.s()).sum().item() / weights.sum().item());
        };
    }

    private static Similarity undetermined(int state, Directions first, int other, Directions second) {
        return new Similarity.Undefined(
                "Hidden states %s and %s keep %s and %s directions, too many for %s examples to determine PWCCA's weights, so it is undefined; use more samples or a smaller share of the variance."
                        .formatted(state, other, first.count(), second.count(), first.samples()));
    }
}
