package org.layerwise.analysis.similarity;

import org.layerwise.analysis.Measure;
import org.layerwise.base.Citation;
import org.layerwise.tensor.TensorEngine;

/**
 * Linear CKA with the unbiased estimator of HSIC (Song et al., Feature Selection via Dependence Maximization, JMLR 13,
 * 2012; for CKA Nguyen et al., arXiv 2010.15327, equation 3): with {@code K} the Gram without its diagonal,
 *
 * <pre>HSIC_1(K, L) = (tr(K L) + 1'K1 1'L1 / ((n-1)(n-2)) - 2 1'K L1 / (n-2)) / (n(n-3))</pre>
 *
 * and {@code CKA = HSIC_1(K, L) / sqrt(HSIC_1(K, K) HSIC_1(L, L))}. HSIC_1 is the inner product of U-centred Grams
 * (Székely and Rizzo, arXiv 1310.2926, equation 3.2), and this class computes it in that form. The plain estimator
 * gives unrelated representations a similarity that grows with d / n; the unbiased one is 0 for them on average, so
 * that single values may be slightly negative.
 */
public final class DebiasedCka extends EmbeddedGramMeasure {

    private static final Citation UNBIASED_HSIC = new Citation(
            "Song et al., 2012",
            "L. Song, A. Smola, A. Gretton, J. Bedo and K. Borgwardt. Feature Selection via Dependence Maximization. Journal"
                    + " of Machine Learning Research 13:1393-1434, 2012.");

    public static final Measure MEASURE = Measure.ofRepresentations(
                    "debiased-cka", (options, engine) -> new DebiasedCka(engine))
            .title("debiased linear CKA")
            .shortName("debiased CKA")
            .description(
                    "Without the bias that makes unrelated layers look alike when there are few rows; may be slightly negative.")
            .citing(LinearCka.PAPER, UNBIASED_HSIC)
            .cka()
            .build();

    public DebiasedCka(TensorEngine engine) {
        super(engine);
    }

    @Override
    public Measure measure() {
        return MEASURE;
    }

    @Override
    public int fewestSamples() {
        return 4;
    }

    @Override
    Embedded embed(double[] gram, int n, int state) {
        double[] centred = UCentring.of(gram, n);
        return UCentring.isNothing(centred, gram)
                ? Embedded.undefined(
                        gram.length,
                        "All examples in hidden state %s are alike to all others, so debiased CKA is undefined."
                                .formatted(state))
                : Embedded.of(centred);
    }
}
