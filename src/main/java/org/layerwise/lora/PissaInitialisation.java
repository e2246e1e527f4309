package org.layerwise.lora;

import java.util.OptionalInt;
import java.util.Random;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Factorizations;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Start of PiSSA (Meng et al., arXiv 2404.02948, equations 2 to 4): with the r largest singular values of
 * {@code W = U S V^T}, {@code A = sqrt(S_r / scale) V_r^T} and {@code B = U_r sqrt(S_r / scale)}, as in PEFT's
 * {@code pissa_init}.
 *
 * @param iterations number of iterations of the randomised SVD; empty for the exact SVD, which is computed in
 *     float64
 */
record PissaInitialisation(TensorEngine engine, OptionalInt iterations) implements WeightPart {

    @Override
    public LowRankUpdate of(String module, Tensor weight, int rank, double scale) {
        WeightPart.requireRank("PiSSA", module, weight, rank);
        try (Scope scope = engine.scope()) {
            Factorizations.Svd svd = iterations.isEmpty()
                    ? Factorizations.svd(weight.cast(DType.F64))
                    : randomised(weight.cast(DType.F32), rank, iterations.getAsInt(), module.hashCode());
            Tensor roots = svd.s().slice(0, 0, rank).mul(1 / scale).sqrt();
            Tensor a = svd.vt().slice(0, 0, rank).mul(roots.reshape(-1, 1));
            Tensor b = svd.u().slice(1, 0, rank).mul(roots);
            return new LowRankUpdate(
                    scope.keep(a.cast(DType.F32).contiguous().copy()),
                    scope.keep(b.cast(DType.F32).contiguous().copy()));
        }
    }

    /** Checks {@code A A^T = B^T B = S / scale} and {@code W A^T = B S}. */
    @Override
    public boolean holds(Tensor weight, LowRankUpdate product, double scale) {
        Tensor a = product.a().detach();
        Tensor b = product.b().detach();
        Tensor ofA = a.matmul(a.transpose());
        Tensor ofB = b.transpose().matmul(b);
        Tensor values = a.square().sum(1, false).mul(scale);
        Tensor mapped = weight.cast(DType.F32).matmul(a.transpose());
        return WeightPart.near(ofA, ofB, ROUNDING)
                && WeightPart.near(
                        ofA.square().sum(), values.mul(1 / scale).square().sum(), ROUNDING)
                && WeightPart.near(mapped, b.mul(values), ROUNDING);
    }

    /** Checks {@code A A^T = B^T B}, with zeros off the diagonal. */
    @Override
    public boolean couldBe(LowRankUpdate product) {
        Tensor a = product.a().detach();
        Tensor b = product.b().detach();
        Tensor ofA = a.matmul(a.transpose());
        Tensor ofB = b.transpose().matmul(b);
        double size = ofA.norm().item();
        double diagonal = a.square().sum(1, false).norm().item();
        return size > 0
                && ofA.sub(ofB).norm().item() <= GENEROUS * size
                && Math.sqrt(Math.max(0, size * size - diagonal * diagonal)) <= GENEROUS * size;
    }

    @Override
    public String property() {
        return "A A^T and B^T B would be the same";
    }

    /**
     * Computes the randomised SVD (Halko et al., arXiv 0909.4061, algorithms 4.4 and 5.1) as {@code torch.svd_lowrank}
     * does.
     */
    private Factorizations.Svd randomised(Tensor weight, int rank, int powers, long seed) {
        boolean wide = weight.size(0) < weight.size(1);
        Tensor tall = wide ? weight.transpose() : weight;
        Tensor basis =
                orthonormal(tall.matmul(gaussian(tall.size(1), rank, seed).to(weight.device())));
        for (int i = 0; i < powers; i++) {
            basis = orthonormal(tall.transpose().matmul(basis));
            basis = orthonormal(tall.matmul(basis));
        }
        Factorizations.Svd small = Factorizations.svd(basis.transpose().matmul(tall));
        Tensor u = basis.matmul(small.u());
        return wide
                ? new Factorizations.Svd(small.vt().transpose(), small.s(), u.transpose())
                : new Factorizations.Svd(u, small.s(), small.vt());
    }

    private static Tensor orthonormal(Tensor columns) {
        return Factorizations.qr(columns).q();
    }

    // drawn on the host, so that every device starts from the same numbers
    private Tensor gaussian(long rows, int columns, long seed) {
        Random random = new Random(seed);
        float[] values = new float[Math.toIntExact(rows * columns)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return engine.of(values, rows, columns);
    }
}
