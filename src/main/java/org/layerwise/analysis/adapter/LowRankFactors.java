package org.layerwise.analysis.adapter;

import org.layerwise.tensor.Factorizations;
import org.layerwise.tensor.Tensor;

/**
 * Matrix of low rank, {@code B A}, float64 on the processor.
 *
 * @param a {@code [r, in]}
 * @param b {@code [out, r]}
 */
public record LowRankFactors(Tensor a, Tensor b) {

    /**
     * Returns the singular values of the product in descending order, {@code min(r, in, out)} of them. They are those of the
     * product of the triangular parts of B and of the transpose of A, so that no matrix of the size of the weight is made.
     */
    double[] singularValues() {
        Tensor core = triangle().matmul(Factorizations.qr(a.transpose()).r().transpose());
        return Factorizations.singularValues(core).doubles();
    }

    /** Returns R of {@code B = Q R}, {@code [min(out, r), r]}: {@code R z} has the norm of {@code B z}. */
    Tensor triangle() {
        return Factorizations.qr(b).r();
    }
}
