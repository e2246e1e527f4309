package org.layerwise.analysis.extraction;

import org.layerwise.analysis.Position;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Selects the vector that represents each example of a batch: {@code [batch, sequence, d]} to {@code [batch, d]},
 * float32.
 */
@FunctionalInterface
interface Pooling {

    Tensor of(Tensor hidden);

    /** Returns the selection for a batch; its tensors belong to the innermost open scope. */
    static Pooling of(TensorEngine engine, TokenBatch batch, Position position, Device device) {
        return switch (position) {
            case FIRST -> hidden -> hidden.select(1, 0).cast(DType.F32);
            case LAST -> {
                Tensor flat = engine.of(lastTokens(batch), batch.size()).to(device);
                yield hidden ->
                        hidden.reshape(-1, hidden.size(-1)).indexSelect(0, flat).cast(DType.F32);
            }
            case MEAN -> {
                Tensor weights = engine.of(batch.mask(), batch.size(), batch.length())
                        .to(device)
                        .cast(DType.F32);
                Tensor shares = weights.div(weights.sum(1, true)).reshape(batch.size(), batch.length(), 1);
                yield hidden -> hidden.cast(DType.F32).mul(shares).sum(1, false);
            }
        };
    }

    /** Returns the index of each example's last token that is not padding, in the flattened batch. */
    private static long[] lastTokens(TokenBatch batch) {
        long[] last = new long[batch.size()];
        for (int row = 0; row < last.length; row++) {
            for (int token = 0; token < batch.length(); token++) {
                if (batch.mask()[row * batch.length() + token] == 1) {
                    last[row] = (long) row * batch.length() + token;
                }
            }
        }
        return last;
    }
}
