package org.layerwise.analysis.adapter;

import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;

/**
 * Change of a weight by DoRA: {@code C (W + B A) - W}, where the diagonal C gives every row the norm of its magnitude. All
 * values follow from the squared norms of the rows of W, from {@code W A^T} and from {@code A A^T}, so that the changed weight is
 * not made.
 *
 * @param factors diagonal of C, {@code [out]}, float64
 * @param squaredNorm squared Frobenius norm of the change
 */
record RescaledRows(Tensor factors, double squaredNorm) {

    static RescaledRows of(LowRankFactors product, AdapterUpdate.Rescaling rescaling) {
        Tensor weight = rescaling.map().matrix().to(Device.CPU).cast(DType.F64);
        Tensor weights = weight.square().sum(1, false);
        Tensor mixed = product.b().mul(weight.matmul(product.a().transpose())).sum(1, false);
        Tensor updates = product.b()
                .matmul(product.a().matmul(product.a().transpose()))
                .mul(product.b())
                .sum(1, false);
        Tensor sums = weights.add(mixed.mul(2)).add(updates);
        Tensor factors = rescaling.magnitude().div(sums.sqrt());
        Tensor less = factors.add(-1);
        Tensor squares = less.square()
                .mul(weights)
                .add(less.mul(factors).mul(mixed).mul(2))
                .add(factors.square().mul(updates));
        return new RescaledRows(factors, Math.max(0, squares.sum().item()));
    }
}
