package org.layerwise.model;

import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/**
 * Head that predicts the next token, as in the family's {@code XxxForCausalLM} in HuggingFace.
 *
 * @param output {@code hidden} to {@code vocabulary}, without bias
 * @param factor factor of the logits; usually 1
 * @param softCap tanh limits the logits to plus or minus this value; 0 for no limit
 */
public record LanguageModelHead(Linear output, double factor, double softCap) implements OutputHead {

    /** Returns this head with another linear map. */
    public LanguageModelHead withOutput(Linear other) {
        return new LanguageModelHead(other, factor, softCap);
    }

    @Override
    public Transformer feeding(Transformer transformer) {
        return transformer;
    }

    /** Returns the logits {@code [..., vocabulary]} in float32 for the transformer's output {@code [..., hidden]}. */
    public Tensor logits(Tensor hidden) {
        Tensor mapped = output.apply(hidden).cast(DType.F32);
        Tensor logits = factor == 1 ? mapped : mapped.mul(factor);
        return softCap == 0 ? logits : logits.mul(1 / softCap).tanh().mul(softCap);
    }
}
