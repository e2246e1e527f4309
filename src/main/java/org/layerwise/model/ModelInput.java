package org.layerwise.model;

import org.jspecify.annotations.Nullable;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * A batch on the model's device.
 *
 * @param ids token ids {@code [batch, sequence]}
 * @param segments token types {@code [batch, sequence]}
 * @param mask 1 for a token, 0 for padding {@code [batch, sequence]}, int64
 * @param scoreMask what is added to attention scores {@code [batch, 1, 1, sequence]}: 0, or minus infinity for padding;
 *     null where nothing is padded
 */
public record ModelInput(Tensor ids, Tensor segments, Tensor mask, @Nullable Tensor scoreMask) {

    /** Copies a batch to a device; the tensors belong to the innermost open scope. */
    public static ModelInput of(TensorEngine engine, TokenBatch batch, Device device) {
        Tensor mask = engine.of(batch.mask(), batch.size(), batch.length()).to(device);
        return new ModelInput(
                engine.of(batch.ids(), batch.size(), batch.length()).to(device),
                engine.of(batch.typeIds(), batch.size(), batch.length()).to(device),
                mask,
                isPadded(batch) ? scoreMask(engine, batch, device) : null);
    }

    private static boolean isPadded(TokenBatch batch) {
        for (long token : batch.mask()) {
            if (token == 0) {
                return true;
            }
        }
        return false;
    }

    private static Tensor scoreMask(TensorEngine engine, TokenBatch batch, Device device) {
        float[] added = new float[batch.mask().length];
        for (int i = 0; i < added.length; i++) {
            added[i] = batch.mask()[i] == 0 ? Float.NEGATIVE_INFINITY : 0;
        }
        return engine.of(added, batch.size(), 1, 1, batch.length()).to(device);
    }
}
