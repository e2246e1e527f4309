package org.layerwise.tensor;

/**
 * Owner of the native memory of tensors: a scope for the time of a computation, or a {@link TensorOwner} while it is
 * open.
 */
sealed interface TensorHolder permits Scope, TensorOwner {

    /** Registers a tensor whose holder has been set to this holder. */
    void hold(Tensor tensor);
}
