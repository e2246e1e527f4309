package org.layerwise.model.layer;

import org.jspecify.annotations.Nullable;
import org.layerwise.tensor.Tensor;

/**
 * Linear map {@code x W^T + b} and the adapter on it, if it has one.
 *
 * @param name full name of the module in HuggingFace's model with a task head, as in adapters and messages
 * @param weight {@code [out, in]}
 * @param bias {@code [out]} or null
 */
public record Linear(String name, Tensor weight, @Nullable Tensor bias, @Nullable LinearAdapter adapter) {

    /** Returns the width of the input. */
    public int in() {
        return (int) weight.size(1);
    }

    /** Returns the width of the output. */
    public int out() {
        return (int) weight.size(0);
    }

    /** Maps {@code [..., in]} to {@code [..., out]}. */
    public Tensor apply(Tensor x) {
        // trained weights are kept in float32, in any compute type
        Tensor y = x.linear(weight.cast(x.dtype()), bias == null ? null : bias.cast(x.dtype()));
        return adapter == null ? y : adapter.apply(this, x, y);
    }

    /** Returns this map with another adapter, or with none. */
    public Linear with(@Nullable LinearAdapter other) {
        return new Linear(name, weight, bias, other);
    }
}
