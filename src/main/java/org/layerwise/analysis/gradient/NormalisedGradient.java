package org.layerwise.analysis.gradient;

import org.layerwise.analysis.Measure;
import org.layerwise.base.Citation;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Factorizations;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Norm of the gradient of the mean loss, normalised by the inputs of each linear map: {@code |G (C + e I)^(-1/2)|}, with
 * G the gradient {@code [out, in]} and C the mean of {@code x x^T} over all tokens that are no padding. A map whose inputs are
 * large has large gradients for that alone, which the normalisation takes away: the value stays when inputs are scaled and
 * the weights by the inverse. The value of a layer is the root of the sum of squares over its maps.
 *
 * <p>Layer Card (arXiv 2602.04019) names a covariance-normalised gradient norm; its formula is not known to us, so this one
 * is ours. Computed in float64.
 */
public final class NormalisedGradient {

    /**
     * Share of the mean eigenvalue of C that is added to its diagonal. C has no inverse where there are fewer tokens than
     * inputs, and directions that hardly occur would count without limit; a thousandth leaves the others as they are.
     */
    static final double DAMPING = 1e-3;

    private static final Citation LAYER_CARD = new Citation(
            "Layer Card, 2026", "Layer Card: a covariance-normalised gradient norm per layer. arXiv:2602.04019, 2026.");

    /** The measure. */
    public static final Measure MEASURE = Measure.ofGradients("resnorm")
            .title("gradient norm, normalised by the covariance of the inputs")
            .shortName("normalised gradient")
            .description(
                    "The gradient norm of the adapted weights without the scale of what they read; our formula. Needs labels or text to predict.")
            .citing(LAYER_CARD)
            .withoutInterval(
                    "The normalised gradient norm has no interval, since it is the norm of one sum over all examples; Fisher information has one.")
            .build();

    private final TensorEngine engine;
    private final Tensor products;
    private double tokens;

    /** Starts the sums over the inputs of a map at zero; they belong to the owner. */
    NormalisedGradient(TensorEngine engine, TensorOwner owner, Tensor like) {
        this.engine = engine;
        long width = like.size(like.rank() - 1);
        products = owner.adopt(engine.zeros(DType.F64, like.device(), width, width));
    }

    /** @param inputs {@code [tokens, in]}, float64, with zeros for padding */
    void add(Tensor inputs, double count) {
        products.addInPlace(inputs.transpose().matmul(inputs), 1);
        tokens += count;
    }

    /**
     * Returns the squared norm of a normalised gradient; 0 if the map has read nothing but zeros.
     *
     * @param gradient {@code [out, in]}
     */
    double squaredNorm(Tensor gradient) {
        try (Scope scope = engine.scope()) {
            long width = products.size(0);
            Tensor covariance = products.mul(1 / tokens);
            Tensor identity = engine.identity(DType.F64, gradient.device(), width);
            double mean = covariance.mul(identity).sum().item() / width;
            if (mean == 0) {
                return 0;
            }
            Tensor wide = gradient.cast(DType.F64);
            Tensor solved =
                    Factorizations.solvePositive(covariance.add(identity.mul(DAMPING * mean)), wide.transpose());
            return wide.mul(solved.transpose()).sum().item();
        }
    }
}
