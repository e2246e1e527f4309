package org.layerwise.tensor;

/** What owns the native memory of tensors: a scope for the time of a computation, an owner for as long as it is open. */
sealed interface TensorHolder permits Scope, TensorOwner {

    /** Takes note of a tensor whose holder has been set to this. */
    void hold(Tensor tensor);
}
