package org.layerwise.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scope of a computation on one thread. Every tensor that an operation makes belongs to the innermost open scope of the
 * thread and is freed when that scope closes, unless it was {@linkplain #keep kept} or
 * {@linkplain TensorOwner#adopt adopted}. A scope is opened with {@link TensorEngine#inference()},
 * {@link TensorEngine#training()} or, inside another scope, {@link TensorEngine#scope()}, in a try-with-resources
 * statement.
 */
public final class Scope implements TensorHolder, AutoCloseable {

    private final ScopeStack stack;
    private final @Nullable Scope enclosing;
    private final Runnable onClose;
    private final List<Tensor> tensors = new ArrayList<>();
    private boolean closed;

    Scope(ScopeStack stack, @Nullable Scope enclosing, Runnable onClose) {
        this.stack = stack;
        this.enclosing = enclosing;
        this.onClose = onClose;
    }

    /**
     * Moves a tensor to the enclosing scope, so that the tensor outlives this scope; used to return a result.
     *
     * @throws IllegalStateException if this is the outermost scope of the thread
     */
    public Tensor keep(Tensor tensor) {
        if (enclosing == null) {
            throw new IllegalStateException(
                    "the outermost scope has nowhere to keep a tensor: read its values or let an owner adopt it");
        }
        if (tensor.holder() == this) {
            tensor.moveTo(enclosing);
        }
        return tensor;
    }

    /** Moves a tensor of a scope inside this scope to this scope, so that the tensor lives as long as this scope. */
    public Tensor adopt(Tensor tensor) {
        tensor.moveTo(this);
        return tensor;
    }

    /** Frees a tensor of this scope before the scope closes; a tensor of another holder is left alone. */
    public void drop(Tensor tensor) {
        if (tensor.holder() == this) {
            tensor.free();
        }
    }

    @Override
    public void hold(Tensor tensor) {
        tensors.add(tensor);
    }

    /**
     * Frees all tensors that still belong to this scope.
     *
     * @throws IllegalStateException if a scope that was opened inside this scope is still open, or if another thread
     *     opened this scope
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        stack.leave(this);
        closed = true;
        for (Tensor tensor : tensors) {
            if (tensor.holder() == this) {
                tensor.free();
            }
        }
        tensors.clear();
        onClose.run();
    }

    @Nullable
    Scope enclosing() {
        return enclosing;
    }
}
