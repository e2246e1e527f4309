package org.layerwise.analysis.similarity;

import java.util.Arrays;
import java.util.function.Consumer;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * Representational similarity analysis (Kriegeskorte et al., Representational similarity analysis: connecting the
 * branches of systems neuroscience, Frontiers in Systems Neuroscience 2, 2008): the dissimilarities of all pairs of
 * examples in one representation are compared with those in the other. The dissimilarity is the Euclidean distance (the
 * paper's alternative to 1 minus the correlation of two patterns; the latter does not follow from inner products of
 * centred columns). Two sets of dissimilarities are compared by Spearman's rank correlation, as the paper recommends,
 * with ties at their mean rank. Distances that differ by no more than rounding are ties.
 */
public final class Rsa implements GramMeasure {

    /**
     * Rounding of a squared distance, as a share of the squared lengths of the two vectors: inner products of vectors
     * with thousands of elements differ by some 1e-14 of their lengths.
     */
    private static final double ROUNDING = 1e-13;

    private final GramPairs pairs;

    public Rsa(TensorEngine engine) {
        pairs = new GramPairs(engine, this, Rsa::embed);
    }

    @Override
    public Measure measure() {
        return Measure.RSA;
    }

    /** Returns three: two examples have one distance only, and a correlation of ranks needs at least two. */
    @Override
    public int fewestSamples() {
        return 3;
    }

    @Override
    public SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial) {
        return pairs.allPairs(representations, device, progress, partial);
    }

    @Override
    public SimilarityMatrix between(Representations first, Representations second, Device device, Progress progress) {
        return pairs.between(first, second, device, progress);
    }

    @Override
    public SimilarityMatrix allPairs(Grams grams, Progress progress, Consumer<SimilarityMatrix> partial) {
        return pairs.allPairs(grams, progress, partial);
    }

    @Override
    public SimilarityMatrix between(Grams first, Grams second, Progress progress) {
        return pairs.between(first, second, progress);
    }

    private static GramPairs.Embedded embed(double[] gram, int n, int state) {
        double[] ranks =
                SpearmanRanks.centred(Doubles.squaredDistances(gram, n), ROUNDING, 2 * medianSquaredLength(gram, n));
        return Doubles.norm(ranks) == 0
                ? GramPairs.Embedded.undefined(
                        ranks.length,
                        "All examples in hidden state %s are equally far apart, so RSA is undefined.".formatted(state))
                : GramPairs.Embedded.of(ranks);
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
