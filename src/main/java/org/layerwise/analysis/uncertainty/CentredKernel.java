package org.layerwise.analysis.uncertainty;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.similarity.DebiasedCka;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.RbfCka;
import org.layerwise.analysis.similarity.RbfKernel;
import org.layerwise.analysis.similarity.UCentring;

/**
 * Similarity of every pair of n examples in one hidden state, with rows and columns centred.
 *
 * @param pairs {@code [n, n]}, row-major, symmetric, zeros on the diagonal
 * @param own the diagonal; zeros for the unbiased estimator, which leaves it out
 * @param alike the examples with the same hidden state
 * @param debiasable false if all examples are alike to all others, so that the debiased form is undefined
 */
record CentredKernel(double[] pairs, double[] own, IdenticalExamples alike, boolean debiasable) {

    /** Returns true if a measure has the form {@code HSIC(K, L) / sqrt(HSIC(K, K) HSIC(L, L))}. */
    static boolean has(Measure measure) {
        return measure == LinearCka.MEASURE || measure == DebiasedCka.MEASURE || measure == RbfCka.MEASURE;
    }

    /** Returns the kernels of all hidden states; empty for an undefined state. */
    static List<Optional<CentredKernel>> of(Grams grams, Measure measure, MeasureOptions options) {
        List<Optional<CentredKernel>> kernels = new ArrayList<>();
        for (int state = 0; state < grams.size(); state++) {
            kernels.add(
                    grams.reason(state).isPresent()
                            ? Optional.empty()
                            : Optional.ofNullable(kernel(grams.of(state), grams.samples(), measure, options)));
        }
        return kernels;
    }

    private static @Nullable CentredKernel kernel(double[] gram, int n, Measure measure, MeasureOptions options) {
        double[] pairs = measure == RbfCka.MEASURE ? rbf(gram, n, options.rbfBandwidth()) : gram.clone();
        if (pairs == null) {
            return null;
        }
        boolean debiasable = !UCentring.isNothing(UCentring.of(pairs, n), pairs);
        double[] own = new double[n];
        for (int i = 0; i < n; i++) {
            own[i] = measure == DebiasedCka.MEASURE ? 0 : pairs[i * n + i];
            pairs[i * n + i] = 0;
        }
        return new CentredKernel(pairs, own, IdenticalExamples.of(gram, n), debiasable);
    }

    /** Returns the centred kernel; null if RBF CKA is undefined. */
    private static double @Nullable [] rbf(double[] gram, int n, double bandwidth) {
        double[] kernel = RbfKernel.of(gram, n, bandwidth);
        return kernel != null && RbfKernel.centre(kernel, n) ? kernel : null;
    }
}
