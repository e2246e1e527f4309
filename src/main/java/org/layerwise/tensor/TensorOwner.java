package org.layerwise.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Owner of tensors that outlive a computation: the weights of a model, the state of an optimiser. It is not bound to a
 * thread. Closing the owner frees its tensors.
 */
public final class TensorOwner implements TensorHolder, AutoCloseable {

    private final List<Tensor> tensors = new ArrayList<>();
    private boolean closed;

    TensorOwner() {}

    /** Takes a tensor from the scope that made it. */
    public Tensor adopt(Tensor tensor) {
        tensor.moveTo(this);
        return tensor;
    }

    @Override
    public synchronized void hold(Tensor tensor) {
        if (closed) {
            throw new IllegalStateException("this owner is closed");
        }
        tensors.add(tensor);
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (Tensor tensor : tensors) {
            if (tensor.holder() == this) {
                tensor.free();
            }
        }
        tensors.clear();
    }
}
