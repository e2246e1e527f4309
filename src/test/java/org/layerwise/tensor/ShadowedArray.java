package org.layerwise.tensor;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.nio.ByteBuffer;

/**
 * Array that says it is on a GPU: its values are computed on the processor, and its shadow on PyTorch's device {@code meta}, which
 * computes shapes, types and graphs but no values, goes through the same operations.
 */
final class ShadowedArray extends PtNDArray {

    private final PtNDArray shadow;

    /** @param values on the processor; its native tensor becomes this array's, and it must not be used any more */
    ShadowedArray(PtNDManager manager, PtNDArray values, PtNDArray shadow) {
        super(manager, values.getHandle());
        values.detach();
        this.shadow = shadow;
    }

    PtNDArray shadow() {
        return shadow;
    }

    @Override
    public Device getDevice() {
        return Device.gpu(0);
    }

    @Override
    public ByteBuffer toByteBuffer(boolean tryDirect) {
        throw new DeviceFault("the values of a tensor on a GPU are read without a copy to the host");
    }

    @Override
    public void close() {
        shadow.close();
        super.close();
    }
}
