package org.layerwise.lora;

import org.jspecify.annotations.Nullable;
import org.layerwise.tensor.Tensor;

/**
 * LoRA on one linear map: {@code y + scale * B (A dropout(x))} (Hu et al., arXiv 2106.09685).
 *
 * <p>With PiSSA the weight loses its principal part first: {@code W - scale * B0 A0}. The base model is shared and stays as
 * it is, so that part is subtracted from the output instead. This costs two small products where a weight of one's own would
 * cost the memory of a second model, and the adapted model starts as exactly its base, also in 16 bits, where rounding the
 * changed weight would not.
 *
 * @param trained B A
 * @param start B0 A0, which never changes; null but with PiSSA
 * @param bias of B, {@code [out]}; null for none
 * @param scale alpha / r, or alpha / sqrt(r)
 * @param dropout in force now: 0 when the model is evaluated
 */
record LoraAdapter(Product trained, @Nullable Product start, @Nullable Tensor bias, double scale, double dropout)
        implements ModuleAdapter {

    @Override
    public Tensor apply(Tensor x, Tensor y) {
        return add(withoutStart(y, x), x.dropout(dropout));
    }

    /** The output of the weight without its principal part. */
    Tensor withoutStart(Tensor y, Tensor x) {
        return start == null ? y : start.addTo(y, x, -scale);
    }

    /** The trained part of an input added to an output. */
    Tensor add(Tensor y, Tensor x) {
        Tensor sum = trained.addTo(y, x, scale);
        return bias == null ? sum : sum.add(bias.mul(scale).cast(sum.dtype()));
    }

    @Override
    public LoraAdapter withDropout(double probability) {
        return new LoraAdapter(trained, start, bias, scale, probability);
    }

    @Override
    public LoraAdapter lora() {
        return this;
    }

    @Override
    public Tensor merged(Tensor weight) {
        Tensor without = start == null ? weight : weight.sub(start.matrix().mul(scale));
        return without.add(trained.matrix().mul(scale));
    }
}
