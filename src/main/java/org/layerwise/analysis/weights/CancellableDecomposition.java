package org.layerwise.analysis.weights;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Decompositions of large matrices on a thread of their own. LAPACK cannot be stopped: a cancelled caller goes on at once, and what was
 * begun, half a minute at most for a side of 4,096, ends on its thread and frees its memory there.
 */
record CancellableDecomposition(TensorEngine engine) {

    private static final Duration LONGEST = Duration.ofDays(1);

    /**
     * Returns the numbers that a decomposition computes.
     *
     * @param matrix matrix, which is freed
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    double[] of(Tensor matrix, UnaryOperator<Tensor> decomposition, Progress progress) {
        progress.check();
        TensorOwner owner = engine.owner();
        owner.adopt(matrix);
        CompletableFuture<double[]> numbers = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try (owner;
                            Scope scope = engine.inference()) {
                        numbers.complete(decomposition.apply(matrix).doubles());
                    } catch (RuntimeException | Error e) {
                        numbers.completeExceptionally(e);
                    }
                },
                "decompose a weight");
        thread.setDaemon(true);
        thread.start();
        try {
            return CancellableWait.answer(numbers, LONGEST, progress);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
