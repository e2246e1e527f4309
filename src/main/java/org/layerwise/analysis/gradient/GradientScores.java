package org.layerwise.analysis.gradient;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;

/**
 * What gradients say of each layer's targeted weights. The values are raw: a layer with more weights has more of both;
 * divide by {@link #weights} to compare layers of different sizes.
 *
 * @param loss the mean loss over the examples
 * @param weights the number of targeted weights of each layer; 0 where none is
 * @param norms the norm of the gradient of the mean loss, a layer; null where it was not asked for
 * @param squaredNorms the squared norm of the gradient of each example's own loss, {@code [n, M]} in the data's order, which
 *     a bootstrap can resample; null where it was not asked for
 */
public record GradientScores(
        double loss, List<Long> weights, double @Nullable [] norms, double @Nullable [][] squaredNorms) {

    public GradientScores {
        weights = List.copyOf(weights);
        norms = norms == null ? null : norms.clone();
        squaredNorms = squaredNorms == null ? null : copy(squaredNorms);
    }

    /** A copy of the norms. */
    @Override
    public double @Nullable [] norms() {
        return norms == null ? null : norms.clone();
    }

    /** A copy of the squared norms. */
    @Override
    public double @Nullable [][] squaredNorms() {
        return squaredNorms == null ? null : copy(squaredNorms);
    }

    /** The norm of the gradient of the mean loss; empty if it was not asked for. */
    public Optional<LayerImportance> gradientNorm() {
        return norms == null ? Optional.empty() : Optional.of(importance(layer -> norms[layer]));
    }

    /**
     * The trace of the empirical Fisher information: the mean over the examples of the squared norm of the gradient of the
     * example's loss, at its own label; empty if it was not asked for.
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

    private static double[][] copy(double[][] rows) {
        double[][] copy = new double[rows.length][];
        for (int row = 0; row < rows.length; row++) {
            copy[row] = rows[row].clone();
        }
        return copy;
    }
}
