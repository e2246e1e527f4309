package org.layerwise.analysis.similarity;

import java.util.Arrays;
import org.layerwise.analysis.Measure;
import org.layerwise.base.Citation;
import org.layerwise.tensor.TensorEngine;

/**
 * Representational similarity analysis (Kriegeskorte et al., Representational similarity analysis: connecting the
 * branches of systems neuroscience, Frontiers in Systems Neuroscience 2, 2008): the dissimilarities of all pairs of
 * examples in one representation are compared with those in the other. The dissimilarity is the Euclidean distance (the
 * paper's alternative to 1 minus the correlation of two patterns; the latter does not follow from inner products of
 * centred columns). Two sets of dissimilarities are compared by Spearman's rank correlation, as the paper recommends,
 * with ties at their mean rank. Distances that differ by no more than rounding are ties.
 */
public final class Rsa extends EmbeddedGramMeasure {

    private static final Citation PAPER = new Citation(
            "Kriegeskorte et al., 2008",
            "N. Kriegeskorte, M. Mur and P. Bandettini. Representational similarity analysis - connecting the branches of"
                    + " systems neuroscience. Frontiers in Systems Neuroscience 2:4, 2008.");

    public static final Measure MEASURE = Measure.ofRepresentations("rsa", (options, engine) -> new Rsa(engine))
            .title("representational similarity analysis")
            .shortName("RSA")
            .description("High if the same pairs of rows are near each other.")
            .citing(PAPER)
            .withoutInterval(
                    "RSA has no interval, since its ranks of distances change with every draw of the examples.")
            .fromMinusOne()
            .build();

    /**
     * Rounding of a squared distance, as a share of the squared lengths of the two vectors: inner products of vectors
     * with thousands of elements differ by some 1e-14 of their lengths.
     */
    private static final double ROUNDING = 1e-13;

    public Rsa(TensorEngine engine) {
        super(engine);
    }

    @Override
    public Measure measure() {
        return MEASURE;
    }

    /** Returns three: two examples have one distance only, and a correlation of ranks needs at least two. */
    @Override
    public int fewestSamples() {
        return 3;
    }

    @Override
    Embedded embed(double[] gram, int n, int state) {
        double[] ranks =
                SpearmanRanks.centred(Doubles.squaredDistances(gram, n), ROUNDING, 2 * medianSquaredLength(gram, n));
        return Doubles.norm(ranks) == 0
                ? Embedded.undefined(
                        ranks.length,
                        "All examples in hidden state %s are equally far apart, so RSA is undefined.".formatted(state))
                : Embedded.of(ranks);
    }

    /** Returns the median instead of the maximum, because one long vector must not make ties of all other distances. */
    private static double medianSquaredLength(double[] gram, int n) {
        double[] lengths = new double[n];
        for (int i = 0; i < n; i++) {
            lengths[i] = gram[i * n + i];
        }
        Arrays.sort(lengths);
        return lengths[n / 2];
    }
}
