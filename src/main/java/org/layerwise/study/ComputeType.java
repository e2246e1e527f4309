package org.layerwise.study;

import java.util.Locale;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;

/** The type of numbers that a model computes in, as asked for. */
public enum ComputeType {
    /** float32 on the processor; on a GPU bfloat16 for checkpoints stored in 16 bits, otherwise float32. */
    AUTO,
    F32,
    BF16,
    /** On a GPU only; the processor computes in float32 instead, since its float16 is slow. */
    F16;

    /** The word in settings: {@code auto}, {@code f32}, {@code bf16}, {@code f16}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The type in force.
     *
     * @param storedIn16Bits whether most of the checkpoint is
     */
    DType on(Device device, boolean storedIn16Bits) {
        boolean gpu = device.kind() == Device.Kind.CUDA;
        return switch (this) {
            case AUTO -> gpu && storedIn16Bits ? DType.BF16 : DType.F32;
            case F32 -> DType.F32;
            case BF16 -> DType.BF16;
            case F16 -> gpu ? DType.F16 : DType.F32;
        };
    }
}
