package org.layerwise.model.layer;

import org.jspecify.annotations.Nullable;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/**
 * Router of a mixture of experts: a linear map whose softmax is the probability of each expert.
 *
 * @param before normalisation of the input
 * @param scale factor of the normalised input, {@code [hidden]}; null for none
 * @param map map to the scores, {@code [experts, hidden]}
 * @param factors factors of the experts' weights, {@code [experts]}, float32; null for none
 */
public record Router(Norm before, @Nullable Tensor scale, Linear map, @Nullable Tensor factors) {

    /** Returns a router that reads its input as it is. */
    public static Router plain(Linear map) {
        return new Router(new Norm.Identity(), null, map, null);
    }

    /** Returns the probability of each expert for each token, {@code [tokens, experts]}, float32. */
    Tensor probabilities(Tensor tokens) {
        Tensor normed = before.apply(tokens);
        Tensor scaled = scale == null ? normed : normed.mul(scale.cast(normed.dtype()));
        return map.apply(scaled).cast(DType.F32).softmax(-1);
    }

    /** Returns this router with another linear map. */
    Router with(Linear other) {
        return new Router(before, scale, other, factors);
    }
}
