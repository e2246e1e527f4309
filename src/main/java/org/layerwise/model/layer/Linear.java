package org.layerwise.model.layer;

import org.jspecify.annotations.Nullable;
import org.layerwise.tensor.Tensor;

/**
 * A linear map {@code x W^T + b} and the adapter on it, if it has one.
 *
 * @param name the module's full name in HuggingFace's model with a task head, as adapters and errors call it
 * @param weight {@code [out, in]}
 * @param bias {@code [out]} or null
 */
public record Linear(String name, Tensor weight, @Nullable Tensor bias, @Nullable LinearAdapter adapter) {

    /** The width of the input. */
    public int in() {
        return (int) weight.size(1);
    }

    /** The width of the output. */
    public int out() {
        return (int) weight.size(0);
    }

    /** {@code [..., in]} to {@code [..., out]}. */
    public Tensor apply(Tensor x) {
        // what is trained is kept in float32, whatever the model computes in
        Tensor y = x.linear(weight.cast(x.dtype()), bias == null ? null : bias.cast(x.dtype()));
        return adapter == null ? y : adapter.apply(x, y);
    }

    /** The same map with another adapter, or none. */
    public Linear with(@Nullable LinearAdapter other) {
        return new Linear(name, weight, bias, other);
    }
}
