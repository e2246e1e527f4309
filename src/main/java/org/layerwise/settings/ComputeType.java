package org.layerwise.settings;

import java.util.Locale;
import java.util.Optional;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;

/** Setting of the data type that a model computes in. */
public enum ComputeType {
    /** Uses float32 on the CPU; on a GPU bfloat16 for checkpoints stored in 16 bits, otherwise float32. */
    AUTO,
    F32,
    BF16,
    /** Uses float16 on a GPU only. The CPU computes in float32 instead, since its float16 is slow. */
    F16;

    /** Returns the value in settings: {@code auto}, {@code f32}, {@code bf16}, {@code f16}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the setting that asks for a data type by itself.
     *
     * @param type name of the data type, for example {@code bfloat16}
     * @return setting; empty for another name
     */
    public static Optional<ComputeType> named(String type) {
        return switch (type) {
            case "float32" -> Optional.of(F32);
            case "bfloat16" -> Optional.of(BF16);
            case "float16" -> Optional.of(F16);
            default -> Optional.empty();
        };
    }

    /**
     * Returns the data type that is used on a device.
     *
     * @param storedIn16Bits true if most of the checkpoint is stored in 16 bits
     */
    public DType on(Device device, boolean storedIn16Bits) {
        boolean gpu = device.kind() == Device.Kind.CUDA;
        return switch (this) {
            case AUTO -> gpu && storedIn16Bits ? DType.BF16 : DType.F32;
            case F32 -> DType.F32;
            case BF16 -> DType.BF16;
            case F16 -> gpu ? DType.F16 : DType.F32;
        };
    }
}
