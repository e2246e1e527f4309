package org.layerwise.analysis.extraction;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Citation;

/**
 * Cosine of each token's vectors in two hidden states, averaged over all tokens that are not padding. 1 minus the
 * average for a layer's input and output is the layer's block influence (Men et al., ShortGPT, arXiv 2403.03853,
 * equation 1). A token whose vector is zero has cosine 0.
 */
public final class TokenCosines {

    private static final Citation PAPER = new Citation(
            "Men et al., 2024",
            "X. Men, M. Xu, Q. Zhang, B. Wang, H. Lin, Y. Lu, X. Han and W. Chen. ShortGPT: Layers in Large Language Models"
                    + " are More Redundant Than You Expect. arXiv:2403.03853, 2024.");

    /** Mean cosine over all tokens instead of the kept token alone; the importance is ShortGPT's block influence. */
    public static final Measure MEASURE = Measure.ofTokens("block-influence")
            .title("cosine over all tokens (block influence)")
            .shortName("token cosine")
            .description("The same angle, averaged over all tokens: ShortGPT’s block influence.")
            .citing(PAPER)
            .fromMinusOne()
            .build();

    private static final Similarity.Undefined NOT_KEPT = new Similarity.Undefined(
            "Only consecutive layers are compared over all tokens while a model is used one layer at a time.");

    private final int[] tokens;
    private final Matrix perExample;
    private final double[][] sums;

    /**
     * Creates the cosines from their sums.
     *
     * @param tokens number of tokens of each example
     * @param perExample {@code [n, M]}, see {@link #perExample}
     * @param sums sums of the cosines of all tokens, {@code [M+1, M+1]}; NaN for pairs that were not computed
     */
    TokenCosines(int[] tokens, Matrix perExample, double[][] sums) {
        this.tokens = tokens;
        this.perExample = perExample;
        this.sums = sums;
    }

    /**
     * Returns the number of tokens of each example, in the data's order: the weights of {@link #perExample} in a mean
     * over tokens.
     */
    public int[] tokens() {
        return tokens.clone();
    }

    /** Returns the mean cosine of each layer's input and output over the tokens of each example, {@code [n, M]}. */
    public Matrix perExample() {
        return perExample;
    }

    /**
     * Returns the mean over all tokens for all pairs of hidden states; for a model used one layer at a time, for
     * consecutive states only.
     */
    public SimilarityMatrix similarity() {
        double count = 0;
        for (int length : tokens) {
            count += length;
        }
        List<List<Similarity>> rows = new ArrayList<>();
        for (double[] row : sums) {
            List<Similarity> cells = new ArrayList<>();
            for (double sum : row) {
                cells.add(Double.isFinite(sum) ? new Similarity.Value(within(sum / count)) : NOT_KEPT);
            }
            rows.add(cells);
        }
        return new SimilarityMatrix(rows);
    }

    // the mean of many cosines of 1 may exceed 1 by rounding
    private static double within(double cosine) {
        return Math.max(-1, Math.min(1, cosine));
    }
}
