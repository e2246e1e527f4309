package org.layerwise.tensor;

import org.jspecify.annotations.Nullable;

/** Open scopes of each thread, innermost first. */
final class ScopeStack {

    private final ThreadLocal<@Nullable Scope> innermost = new ThreadLocal<>();

    Scope enter(Runnable onClose) {
        Scope scope = new Scope(this, innermost.get(), onClose);
        innermost.set(scope);
        return scope;
    }

    void leave(Scope scope) {
        if (innermost.get() != scope) {
            throw new IllegalStateException("scopes must be closed by the thread that opened them, innermost first");
        }
        if (scope.enclosing() == null) {
            innermost.remove();
        } else {
            innermost.set(scope.enclosing());
        }
    }

    boolean isOpen() {
        return innermost.get() != null;
    }

    Scope current() {
        Scope scope = innermost.get();
        if (scope == null) {
            throw new IllegalStateException(
                    "no scope is open on this thread: open one with TensorEngine.inference() or training()");
        }
        return scope;
    }
}
