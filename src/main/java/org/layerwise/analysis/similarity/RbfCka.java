package org.layerwise.analysis.similarity;

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
 * CKA with the kernel {@code exp(-||x_i - x_j||^2 / (2 sigma^2))} (Kornblith et al., arXiv 1905.00414, section 3), with
 * sigma a fraction of the median distance between two examples, so that the measure does not depend on the scale of a
 * representation. The kernels are centred by rows and columns and compared as in linear CKA, by the biased HSIC of the
 * paper. With a large bandwidth the value tends to linear CKA, with a small bandwidth to 1.
 */
public final class RbfCka implements GramMeasure {

    private final double bandwidth;
    private final GramPairs pairs;

    /**
     * Creates the measure.
     *
     * @param bandwidth sigma as a multiple of the median distance
     * @throws UserException if the bandwidth is not a finite number above 0
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
        double[] kernel = RbfKernel.of(gram, n, bandwidth);
        if (kernel == null) {
            return GramPairs.Embedded.undefined(
                    gram.length,
                    "Most pairs of examples are the same in hidden state %s, so RBF CKA has no bandwidth and is undefined."
                            .formatted(state));
        }
        return RbfKernel.centre(kernel, n)
                ? GramPairs.Embedded.of(kernel)
                : GramPairs.Embedded.undefined(
                        gram.length,
                        "The kernel of hidden state %s is the same for all pairs, so RBF CKA is undefined."
                                .formatted(state));
    }
}
