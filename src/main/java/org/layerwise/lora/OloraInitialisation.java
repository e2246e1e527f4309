package org.layerwise.lora;

import org.layerwise.tensor.DType;
import org.layerwise.tensor.Factorizations;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Start of OLoRA (Büyükakyüz, arXiv 2406.01775): with {@code W = Q R}, B is the first r columns of Q and A the first r
 * rows of R, as in PEFT's {@code olora_init}. The decomposition is computed in float64.
 */
record OloraInitialisation(TensorEngine engine) implements WeightPart {

    @Override
    public LowRankUpdate of(String module, Tensor weight, int rank, double scale) {
        WeightPart.requireRank("OLoRA", module, weight, rank);
        try (Scope scope = engine.scope()) {
            Factorizations.Qr qr = Factorizations.qr(weight.cast(DType.F64));
            return new LowRankUpdate(
                    scope.keep(qr.r()
                            .slice(0, 0, rank)
                            .cast(DType.F32)
                            .contiguous()
                            .copy()),
                    scope.keep(qr.q()
                            .slice(1, 0, rank)
                            .cast(DType.F32)
                            .contiguous()
                            .copy()));
        }
    }

    /** Checks {@code B^T B = I} and {@code B^T W = A}, with zeros below A's diagonal. */
    @Override
    public boolean holds(Tensor weight, LowRankUpdate product, double scale) {
        Tensor ofWeight = product.b().detach().transpose().matmul(weight.cast(DType.F32));
        return shaped(product, ROUNDING)
                && WeightPart.near(ofWeight, product.a().detach(), ROUNDING);
    }

    @Override
    public boolean couldBe(LowRankUpdate product) {
        return shaped(product, GENEROUS);
    }

    private boolean shaped(LowRankUpdate product, double share) {
        Tensor a = product.a().detach();
        Tensor b = product.b().detach();
        return WeightPart.hasOrthonormalRows(engine, b.transpose(), share)
                && WeightPart.near(a, a.sub(a.tril(-1)), share);
    }

    @Override
    public String property() {
        return "the columns of B would be orthonormal, and A zero below its diagonal";
    }
}
