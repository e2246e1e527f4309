package org.layerwise.model.input;

import java.util.OptionalLong;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Row indices into a table of learned positions. */
final class TokenPositions {

    private TokenPositions() {}

    /** Returns {@code [1, sequence]} if all rows have the same positions, otherwise {@code [batch, sequence]}. */
    static Tensor of(TensorEngine engine, ModelConfig.Positions positions, TokenBatch batch) {
        if (positions instanceof ModelConfig.Positions.Learned learned
                && learned.countedFromPadding().isPresent()) {
            return engine.of(counted(batch, learned.countedFromPadding()), batch.size(), batch.length());
        }
        long[] counting = new long[batch.length()];
        for (int i = 0; i < counting.length; i++) {
            counting[i] = i;
        }
        return engine.of(counting, 1, counting.length);
    }

    /**
     * Returns RoBERTa's positions: padding has the padding id as its position, all other tokens the numbers after it.
     */
    private static long[] counted(TokenBatch batch, OptionalLong padding) {
        long pad = padding.orElseThrow();
        long[] rows = new long[batch.ids().length];
        for (int row = 0; row < batch.size(); row++) {
            long position = pad;
            for (int i = row * batch.length(); i < (row + 1) * batch.length(); i++) {
                rows[i] = batch.ids()[i] == pad ? pad : ++position;
            }
        }
        return rows;
    }
}
