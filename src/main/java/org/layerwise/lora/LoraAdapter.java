package org.layerwise.lora;

import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.tensor.Tensor;

/**
 * LoRA on one linear map: {@code y + scale * B (A dropout(x))}.
 *
 * @param a {@code [r, in]}
 * @param b {@code [out, r]}
 * @param scale alpha / r
 * @param dropout in force now: 0 when the model is evaluated
 */
record LoraAdapter(Tensor a, Tensor b, double scale, double dropout) implements LinearAdapter {

    @Override
    public Tensor apply(Tensor x, Tensor y) {
        // the adapter is kept in float32, whatever the model computes in
        return y.addLowRank(x.dropout(dropout), a.cast(x.dtype()), b.cast(x.dtype()), scale);
    }

    LoraAdapter withDropout(double probability) {
        return new LoraAdapter(a, b, scale, probability);
    }
}
