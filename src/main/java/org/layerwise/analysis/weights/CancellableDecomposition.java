package org.layerwise.analysis.weights;

import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.layerwise.base.Progress;
import org.layerwise.base.process.NativeCalls;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Decompositions of large matrices on a thread of their own. LAPACK cannot be stopped: a cancelled caller goes on at once, and what was
 * begun, half a minute at most for a side of 4,096, ends on its thread and frees its memory there.
 */
public record CancellableDecomposition(TensorEngine engine) {

    /**
     * Returns the numbers that a decomposition computes.
     *
     * @param matrix matrix, which is freed
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    public double[] of(Tensor matrix, UnaryOperator<Tensor> decomposition, Progress progress) {
        progress.check();
        TensorOwner owner = engine.owner();
        owner.adopt(matrix);
        try (NativeCalls calls = new NativeCalls("decompose a weight")) {
            try {
                return calls.result(calls.start(() -> numbers(matrix, decomposition)), progress);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new IllegalStateException(e.getCause());
            } finally {
                calls.atEnd(() -> {
                    owner.close();
                    return null;
                });
            }
        }
    }

    private double[] numbers(Tensor matrix, UnaryOperator<Tensor> decomposition) {
        try (Scope scope = engine.inference()) {
            return decomposition.apply(matrix).doubles();
        }
    }
}
