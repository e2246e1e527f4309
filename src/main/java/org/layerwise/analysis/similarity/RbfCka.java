package org.layerwise.analysis.similarity;

import org.layerwise.analysis.Measure;
import org.layerwise.base.Decimals;
import org.layerwise.base.UserException;
import org.layerwise.tensor.TensorEngine;

/**
 * CKA with the kernel {@code exp(-||x_i - x_j||^2 / (2 sigma^2))} (Kornblith et al., arXiv 1905.00414, section 3), with
 * sigma a fraction of the median distance between two examples, so that the measure does not depend on the scale of a
 * representation. The kernels are centred by rows and columns and compared as in linear CKA, by the biased HSIC of the
 * paper. With a large bandwidth the value tends to linear CKA, with a small bandwidth to 1.
 */
public final class RbfCka extends EmbeddedGramMeasure {

    public static final Measure MEASURE = Measure.ofRepresentations(
                    "rbf-cka", (options, engine) -> new RbfCka(engine, options.rbfBandwidth()))
            .title("RBF CKA")
            .shortName("RBF CKA")
            .description("Sees relations that are not linear.")
            .citing(LinearCka.PAPER)
            .methods(options -> " with a bandwidth of %s times the median distance"
                    .formatted(Decimals.plain(options.rbfBandwidth())))
            .cka()
            .build();

    private final double bandwidth;

    /**
     * Creates the measure.
     *
     * @param bandwidth sigma as a multiple of the median distance
     * @throws UserException if the bandwidth is not a finite number above 0
     */
    public RbfCka(TensorEngine engine, double bandwidth) {
        super(engine);
        if (!(bandwidth > 0) || Double.isInfinite(bandwidth)) {
            throw new UserException("The bandwidth of RBF CKA must be a number above 0, not %s.".formatted(bandwidth));
        }
        this.bandwidth = bandwidth;
    }

    @Override
    public Measure measure() {
        return MEASURE;
    }

    @Override
    public int fewestSamples() {
        return LinearCka.FEWEST_SAMPLES;
    }

    @Override
    Embedded embed(double[] gram, int n, int state) {
        double[] kernel = RbfKernel.of(gram, n, bandwidth);
        if (kernel == null) {
            return Embedded.undefined(
                    gram.length,
                    "Most pairs of examples are the same in hidden state %s, so RBF CKA has no bandwidth and is undefined."
                            .formatted(state));
        }
        return RbfKernel.centre(kernel, n)
                ? Embedded.of(kernel)
                : Embedded.undefined(
                        gram.length,
                        "The kernel of hidden state %s is the same for all pairs, so RBF CKA is undefined."
                                .formatted(state));
    }
}
