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
 * Singular vector canonical correlation analysis (Raghu et al., arXiv 1706.05806): of each centred representation the
 * first singular directions are kept that together carry a share of its variance. The value is the mean of the
 * canonical correlations between the kept directions, over the number of directions in the smaller set. It is symmetric
 * and between 0 and 1.
 *
 * <p>Directions of n centred examples lie in n-1 dimensions: a representation that needs all of them would have
 * correlation 1 with any other, so it is undefined. Two representations that keep k and l directions share at least
 * {@code k + l - (n-1)}, so the value has little meaning unless n is well above {@code k + l}.
 */
public final class Svcca extends CcaMeasure {

    private static final Citation PAPER = new Citation(
            "Raghu et al., 2017",
            "M. Raghu, J. Gilmer, J. Yosinski and J. Sohl-Dickstein. SVCCA: Singular Vector Canonical Correlation Analysis"
                    + " for Deep Learning Dynamics and Interpretability. NIPS 2017. arXiv:1706.05806.");

    public static final Measure MEASURE = Measure.ofRepresentations(
                    "svcca", (options, engine) -> new Svcca(engine, options.svccaVariance()))
            .title("SVCCA")
            .shortName("SVCCA")
            .description("Correlation of the directions that hold most of the variance.")
            .citing(PAPER)
            .methods(CcaMeasure::methods)
            .withoutInterval("SVCCA" + NO_INTERVAL)
            .build();

    /**
     * Creates the measure.
     *
     * @param share share of the variance that is kept, above 0 and at most 1
     * @throws org.layerwise.base.UserException if the share is outside this range
     */
    public Svcca(TensorEngine engine, double share) {
        super(engine, MEASURE, share);
    }

    @Override
    IntFunction<Similarity> row(int state, List<Directions> own, List<Directions> others) {
        Tensor u = own.get(state).basis().transpose();
        return j -> SimilarityCells.value(
                Factorizations.singularValues(u.matmul(others.get(j).basis()))
                        .mean()
                        .item());
    }
}
