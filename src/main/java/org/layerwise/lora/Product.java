package org.layerwise.lora;

import org.layerwise.tensor.Tensor;

/**
 * A matrix of low rank, {@code B A}.
 *
 * @param a {@code [r, in]}
 * @param b {@code [out, r]}
 */
record Product(Tensor a, Tensor b) {

    /** {@code y + scale * B (A x)}; the product is kept in float32, whatever the model computes in. */
    Tensor addTo(Tensor y, Tensor x, double scale) {
        return y.addLowRank(x, a.cast(x.dtype()), b.cast(x.dtype()), scale);
    }

    /** The matrix itself, {@code [out, in]}. */
    Tensor matrix() {
        return b.matmul(a);
    }
}
