package org.layerwise.lora;

import org.layerwise.tensor.Tensor;

/**
 * Matrix of low rank, {@code B A}.
 *
 * @param a {@code [r, in]}
 * @param b {@code [out, r]}
 */
record LowRankUpdate(Tensor a, Tensor b) {

    /** Returns {@code y + scale * B (A x)}; A and B are kept in float32, in any compute type of the model. */
    Tensor addTo(Tensor y, Tensor x, double scale) {
        return y.addLowRank(x, a.cast(x.dtype()), b.cast(x.dtype()), scale);
    }

    /** Returns the matrix, {@code [out, in]}. */
    Tensor matrix() {
        return b.matmul(a);
    }
}
