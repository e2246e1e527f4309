package org.layerwise.analysis.gradient;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;

/**
 * Scores of each layer's targeted weights from gradients. The values are raw: a layer with more weights has larger
 * values of both scores; divide by {@link #weights} to compare layers of different sizes.
 *
 * @param loss mean loss over the examples
 * @param weights number of targeted weights of each layer; 0 if no weight is targeted
 * @param norms norm of the gradient of the mean loss, per layer; null if not requested
 * @param squaredNorms squared norm of the gradient of each example's own loss, {@code [n, M]} in the data's order,
 *     which a bootstrap can resample; null if not requested
 * @param tokens number of learnt tokens of each example, by whose mean a language model's losses are divided; null for
 *     other losses
 */
public record GradientScores(
        double loss,
        List<Long> weights,
        double @Nullable [] norms,
        double @Nullable [][] squaredNorms,
        double @Nullable [] tokens) {

    public GradientScores {
        weights = List.copyOf(weights);
    }

    /** Returns the norm of the gradient of the mean loss; empty if not requested. */
    public Optional<LayerImportance> gradientNorm() {
        return norms == null ? Optional.empty() : Optional.of(importance(layer -> norms[layer]));
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
