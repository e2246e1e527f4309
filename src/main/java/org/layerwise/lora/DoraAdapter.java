package org.layerwise.lora;

import java.util.Optional;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * DoRA (Liu et al., arXiv 2402.09353): the weight becomes {@code m (W + scale B A) / ||W + scale B A||}, with a norm
 * and a trained magnitude m for each output. As the paper proposes in section 4.3, and as in PEFT, the norm counts as a
 * constant in the backward pass; with dropout the frozen weight sees the same dropped input as A.
 *
 * @param magnitude m, {@code [out]}
 */
record DoraAdapter(TensorEngine engine, LoraAdapter lora, Tensor magnitude) implements ModuleAdapter {

    @Override
    public Tensor apply(Linear map, Tensor x, Tensor y) {
        Tensor share = magnitude.div(norms(map)).cast(y.dtype());
        Tensor bias = map.bias() == null ? null : map.bias().cast(y.dtype());
        if (lora.dropout() == 0) {
            Tensor mapped = bias == null ? y : y.sub(bias);
            Tensor scaled = lora.add(lora.withoutStart(mapped, x), x).mul(share);
            return bias == null ? scaled : scaled.add(bias);
        }
        Tensor dropped = x.dropout(lora.dropout());
        Tensor mapped = lora.withoutStart(map.weight().use(x.dtype(), weight -> dropped.linear(weight, null)), dropped);
        Tensor rest = lora.withoutStart(y, x).sub(mapped);
        return rest.add(lora.add(mapped, dropped).mul(share));
    }

    /** Returns {@code ||W + scale B A||} of each output, {@code [out]}, float32; no gradient passes through it. */
    private Tensor norms(Linear map) {
        try (Scope scope = engine.inference()) {
            return scope.keep(norms(lora.merged(map.matrix().cast(DType.F32))));
        }
    }

    /** Returns the Euclidean norm of each row. */
    static Tensor norms(Tensor matrix) {
        return matrix.square().sum(1, false).sqrt();
    }

    @Override
    public DoraAdapter withDropout(double probability) {
        return new DoraAdapter(engine, lora.withDropout(probability), magnitude);
    }

    @Override
    public Optional<LoraAdapter> product() {
        return Optional.of(lora);
    }

    @Override
    public Tensor merged(Tensor weight) {
        Tensor sum = lora.merged(weight);
        return sum.mul(magnitude.div(norms(sum)).reshape(-1, 1));
    }
}
