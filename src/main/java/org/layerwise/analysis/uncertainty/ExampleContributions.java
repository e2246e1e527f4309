package org.layerwise.analysis.uncertainty;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.extraction.TokenCosines;

/**
 * Contributions of the examples to a measure whose value of a layer is a mean over the examples: the cosine of a
 * layer's input and output (cosine, block influence), the squared norm of a gradient (empirical Fisher information), the
 * increase of a loss (ablation), or the energy of an adapter.
 *
 * @param samples n
 * @param similarity true if the importance is 1 minus the mean, false if it is the mean itself
 * @param layers the n contributions for each layer; null if the layer is undefined; not copied
 * @param weights weight of each example in the mean, such as its number of tokens; null for equal weights; not copied
 * @param tokens number of tokens of each example if its contribution is divided by the square of their mean over all
 *     examples; null if it does not depend on other examples; not copied
 */
public record ExampleContributions(
        int samples,
        boolean similarity,
        List<double @Nullable []> layers,
        double @Nullable [] weights,
        double @Nullable [] tokens) {

    /** Creates contributions of examples with equal weights. */
    public ExampleContributions(int samples, boolean similarity, List<double @Nullable []> layers) {
        this(samples, similarity, layers, null, null);
    }

    public ExampleContributions {
        if (weights != null && weights.length != samples) {
            throw new IllegalArgumentException("%s weights of %s examples".formatted(weights.length, samples));
        }
        if (tokens != null && tokens.length != samples) {
            throw new IllegalArgumentException("tokens of %s of %s examples".formatted(tokens.length, samples));
        }
        for (double @Nullable [] layer : layers) {
            if (layer != null && layer.length != samples) {
                throw new IllegalArgumentException(
                        "a layer has %s contributions of %s examples".formatted(layer.length, samples));
            }
        }
    }

    /** Returns the cosine of each example's vectors before and after each layer, in double precision. */
    public static ExampleContributions ofCosines(Representations representations, LayerImportance importance) {
        List<double @Nullable []> layers = new ArrayList<>();
        for (int layer = 0; layer < importance.layers(); layer++) {
            layers.add(
                    importance.of(layer).isEmpty()
                            ? null
                            : cosines(
                                    representations.layers().get(layer),
                                    representations.layers().get(layer + 1)));
        }
        return new ExampleContributions(representations.samples(), true, layers);
    }

    private static double[] cosines(Matrix input, Matrix output) {
        double[] cosines = new double[input.rows()];
        for (int row = 0; row < cosines.length; row++) {
            double product = 0;
            double inputSquare = 0;
            double outputSquare = 0;
            for (int column = 0; column < input.columns(); column++) {
                double x = input.at(row, column);
                double y = output.at(row, column);
                product += x * y;
                inputSquare += x * x;
                outputSquare += y * y;
            }
            cosines[row] = product / Math.sqrt(inputSquare * outputSquare);
        }
        return cosines;
    }

    /** Returns the mean cosine of each example's tokens, weighted by the number of tokens. */
    public static ExampleContributions ofTokens(TokenCosines cosines) {
        Matrix means = cosines.perExample();
        List<double @Nullable []> layers = new ArrayList<>();
        for (int layer = 0; layer < means.columns(); layer++) {
            double[] column = new double[means.rows()];
            for (int row = 0; row < column.length; row++) {
                column[row] = means.at(row, layer);
            }
            layers.add(column);
        }
        double[] tokens = Arrays.stream(cosines.tokens()).asDoubleStream().toArray();
        return new ExampleContributions(means.rows(), true, layers, tokens, null);
    }

    /**
     * Returns scores of each example and layer, {@code [n, M]}, whose mean is the importance.
     *
     * @param tokens number of tokens of each example if the scores are divided by the square of their mean; null if not
     */
    public static ExampleContributions ofScores(
            double[][] scores, double @Nullable [] tokens, LayerImportance importance) {
        return new ExampleContributions(scores.length, false, columns(scores, importance), null, tokens);
    }

    /**
     * Returns means of each example and layer, {@code [n, M]}, whose weighted mean is the importance.
     *
     * @param weights weight of each example, such as its number of tokens; null for equal weights
     */
    public static ExampleContributions ofMeans(
            double[][] means, double @Nullable [] weights, LayerImportance importance) {
        return new ExampleContributions(means.length, false, columns(means, importance), weights, null);
    }

    /** Returns the values of each layer; null if it is undefined. */
    private static List<double @Nullable []> columns(double[][] scores, LayerImportance importance) {
        List<double @Nullable []> layers = new ArrayList<>();
        for (int layer = 0; layer < importance.layers(); layer++) {
            int column = layer;
            layers.add(
                    importance.of(layer).isEmpty()
                            ? null
                            : Arrays.stream(scores)
                                    .mapToDouble(row -> row[column])
                                    .toArray());
        }
        return layers;
    }
}
