package org.layerwise.analysis.gradient;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Similarity;
import org.layerwise.base.Citation;

/**
 * Scores of each layer's targeted weights from gradients. The values are raw: a layer with more weights has larger
 * values of both scores; divide by {@link #weights} to compare layers of different sizes.
 *
 * @param loss mean loss over the examples
 * @param weights number of targeted weights of each layer; 0 if no weight is targeted
 * @param norms norm of the gradient of the mean loss, per layer; null if not requested
 * @param normalised normalised norm of the gradient of the mean loss, per layer; null if not requested
 * @param squaredNorms squared norm of the gradient of each example's own loss, {@code [n, M]} in the data's order,
 *     which a bootstrap can resample; null if not requested
 * @param tokens number of learnt tokens of each example, by whose mean a language model's losses are divided; null for
 *     other losses
 */
public record GradientScores(
        double loss,
        List<Long> weights,
        double @Nullable [] norms,
        double @Nullable [] normalised,
        double @Nullable [][] squaredNorms,
        double @Nullable [] tokens) {

    private static final Citation GRADIENT_PROBE = new Citation(
            "Saket, 2026",
            "A. Saket. Aletheia: Gradient-Guided Layer Selection for Efficient LoRA Fine-Tuning Across Architectures."
                    + " arXiv:2604.15351, 2026.");

    private static final Citation FISHER_MASK = new Citation(
            "Sung et al., 2021",
            "Y.-L. Sung, V. Nair and C. Raffel. Training Neural Networks with Fixed Sparse Masks. NeurIPS 2021."
                    + " arXiv:2111.09839.");

    /** Norm of the gradient of the mean loss. */
    public static final Measure GRADIENT_NORM = Measure.ofGradients("gradient-norm")
            .title("gradient norm of the adapted weights")
            .shortName("gradient norm")
            .description(
                    "How strongly the loss pulls at the weights that LoRA adapts. Needs labels or text to predict.")
            .citing(GRADIENT_PROBE)
            .withoutInterval(
                    "The gradient norm has no interval, since it is the norm of one sum over all examples; Fisher information has one.")
            .build();

    /** Trace of the empirical Fisher information. */
    public static final Measure FISHER = Measure.ofGradients("fisher")
            .title("empirical Fisher information")
            .shortName("Fisher")
            .description(
                    "The squared gradients, row by row, of the weights that LoRA adapts. Needs labels or text to predict.")
            .citing(FISHER_MASK)
            .build();

    public GradientScores {
        weights = List.copyOf(weights);
    }

    /** Returns the norm of the gradient of the mean loss; empty if not requested. */
    public Optional<LayerImportance> gradientNorm() {
        return norms == null ? Optional.empty() : Optional.of(importance(layer -> norms[layer]));
    }

    /** Returns {@link NormalisedGradient#MEASURE}; empty if not requested. */
    public Optional<LayerImportance> normalisedNorm() {
        return normalised == null ? Optional.empty() : Optional.of(importance(layer -> normalised[layer]));
    }

    /** Returns the importance of one of the three measures; empty if not requested. */
    public Optional<LayerImportance> of(Measure measure) {
        if (measure == FISHER) {
            return fisher();
        }
        return measure == GRADIENT_NORM ? gradientNorm() : normalisedNorm();
    }

    /**
     * Returns the trace of the empirical Fisher information: the mean over the examples of the squared norm of the
     * gradient of the example's loss, at its own label; empty if not requested.
     */
    public Optional<LayerImportance> fisher() {
        return squaredNorms == null
                ? Optional.empty()
                : Optional.of(importance(layer -> {
                    double sum = 0;
                    for (double[] example : squaredNorms) {
                        sum += example[layer];
                    }
                    return sum / squaredNorms.length;
                }));
    }

    private LayerImportance importance(IntToDoubleFunction score) {
        List<Similarity> scores = new ArrayList<>();
        for (int layer = 0; layer < weights.size(); layer++) {
            scores.add(
                    weights.get(layer) == 0
                            ? new Similarity.Undefined("No module of this layer is a target.")
                            : new Similarity.Value(score.applyAsDouble(layer)));
        }
        return LayerImportance.ofScores(scores);
    }
}
