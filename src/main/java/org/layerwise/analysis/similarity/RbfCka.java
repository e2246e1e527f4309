package org.layerwise.analysis.similarity;

import java.util.Arrays;
import java.util.function.Consumer;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * CKA with the kernel {@code exp(-||x_i - x_j||^2 / (2 sigma^2))} (Kornblith et al., arXiv 1905.00414, section 3), sigma a
 * fraction of the median distance between two examples, so that the measure does not depend on the scale of a
 * representation. The kernels are centred by rows and columns and compared as in linear CKA, by the biased HSIC of the paper.
 * With a large bandwidth it tends to linear CKA, with a small one to 1.
 */
public final class RbfCka implements GramMeasure {

    /** What is left of a kernel that is nothing but rounding. */
    private static final double ROUNDING = 1e-12;

    private final double bandwidth;
    private final GramPairs pairs;

    /**
     * @param bandwidth sigma in medians of the distances
     * @throws UserException if the bandwidth is not above 0
     */
    public RbfCka(TensorEngine engine, double bandwidth) {
        if (!(bandwidth > 0) || Double.isInfinite(bandwidth)) {
            throw new UserException("The bandwidth of RBF CKA must be a number above 0, not %s.".formatted(bandwidth));
        }
        this.bandwidth = bandwidth;
        pairs = new GramPairs(engine, this, this::embed);
    }

    @Override
    public Measure measure() {
        return Measure.RBF_CKA;
    }

    @Override
    public int fewestSamples() {
        return LinearCka.FEWEST_SAMPLES;
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

    private GramPairs.Embedded embed(double[] gram, int n, int state) {
        double[] distances = Doubles.squaredDistances(gram, n);
        double sigma = bandwidth * median(distances);
        if (sigma == 0) {
            return GramPairs.Embedded.undefined(
                    gram.length,
                    "Most pairs of examples are the same in hidden state %d, so RBF CKA has no bandwidth and is undefined."
                            .formatted(state));
        }
        double[] kernel = new double[n * n];
        int at = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                // less 1, which centring takes off anyhow: exact where the bandwidth is large
                double value = Math.expm1(-distances[at++] / (2 * sigma * sigma));
                kernel[i * n + j] = value;
                kernel[j * n + i] = value;
            }
        }
        double before = Doubles.norm(kernel);
        centre(kernel, n);
        return Doubles.norm(kernel) <= ROUNDING * before
                ? GramPairs.Embedded.undefined(
                        gram.length,
                        "The kernel of hidden state %d is the same for all pairs, so RBF CKA is undefined."
                                .formatted(state))
                : GramPairs.Embedded.of(kernel);
    }

    /** Takes the means of rows and columns off. */
    private static void centre(double[] kernel, int n) {
        double[] means = Doubles.rowSums(kernel, n);
        for (int i = 0; i < n; i++) {
            means[i] /= n;
        }
        double all = Doubles.sum(means) / n;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                kernel[i * n + j] += all - means[i] - means[j];
            }
        }
    }

    /** The median distance, from squared ones. */
    private static double median(double[] squared) {
        double[] sorted = squared.clone();
        Arrays.parallelSort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? Math.sqrt(sorted[middle])
                : (Math.sqrt(sorted[middle - 1]) + Math.sqrt(sorted[middle])) / 2;
    }
}
