package org.layerwise.analysis.ablation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;

/**
 * Losses of examples with the update of one layer scaled down, beside those of the unchanged model.
 *
 * @param whole loss of each of n examples by the unchanged model; of a language model the sum over its learnt tokens; not
 *     copied
 * @param ablated the same with the update of each layer scaled down, {@code [M][n]}; not copied
 * @param tokens number of learnt tokens of each example; null if the losses are no sums over tokens; not copied
 */
public record AblatedLosses(double[] whole, double[][] ablated, double @Nullable [] tokens) {

    /** Returns n, the number of measured examples. */
    public int samples() {
        return whole.length;
    }

    /** Returns the mean loss of the unchanged model over the examples, or over the learnt tokens of all. */
    public double loss() {
        return mean(whole);
    }

    /**
     * Returns the importance of each layer: the mean loss without its update minus that of the unchanged model, in nats, or
     * in squared units of regression. It is negative for a layer that raises the loss.
     */
    public LayerImportance importance() {
        List<Similarity> scores = new ArrayList<>();
        for (double[] losses : ablated) {
            double[] apart = new double[whole.length];
            for (int row = 0; row < apart.length; row++) {
                apart[row] = losses[row] - whole[row];
            }
            double mean = mean(apart);
            scores.add(
                    Double.isFinite(mean)
                            ? new Similarity.Value(mean)
                            : new Similarity.Undefined(
                                    "The loss without the update of this layer is no finite number."));
        }
        return LayerImportance.ofScores(scores);
    }

    /** Returns the increase of the loss of each example and layer, {@code [n, M]}, whose mean with {@link #tokens} as weights is the importance. */
    public double[][] increases() {
        double[][] increases = new double[whole.length][ablated.length];
        for (int row = 0; row < whole.length; row++) {
            for (int layer = 0; layer < ablated.length; layer++) {
                increases[row][layer] = (ablated[layer][row] - whole[row]) / (tokens == null ? 1 : tokens[row]);
            }
        }
        return increases;
    }

    private double mean(double[] sums) {
        double sum = 0;
        double count = 0;
        for (int row = 0; row < sums.length; row++) {
            sum += sums[row];
            count += tokens == null ? 1 : tokens[row];
        }
        return sum / count;
    }
}
