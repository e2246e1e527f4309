package org.layerwise.tensor;

import ai.djl.ndarray.types.DataType;
import org.jspecify.annotations.Nullable;

/** DJL's names of element types; DJL has no names for bfloat16 and 8-bit floats. */
final class DjlTypes {

    private DjlTypes() {}

    static @Nullable DataType of(DType type) {
        return switch (type) {
            case F64 -> DataType.FLOAT64;
            case F32 -> DataType.FLOAT32;
            case F16 -> DataType.FLOAT16;
            case I64 -> DataType.INT64;
            case I32 -> DataType.INT32;
            case I8 -> DataType.INT8;
            case U8 -> DataType.UINT8;
            case BOOL -> DataType.BOOLEAN;
            case BF16, I16, F8_E4M3, F8_E5M2, F8_E8M0 -> null;
        };
    }

    static @Nullable DType from(DataType type) {
        return switch (type) {
            case FLOAT64 -> DType.F64;
            case FLOAT32 -> DType.F32;
            case FLOAT16 -> DType.F16;
            case INT64 -> DType.I64;
            case INT32 -> DType.I32;
            case INT8 -> DType.I8;
            case UINT8 -> DType.U8;
            case BOOLEAN -> DType.BOOL;
            default -> null;
        };
    }
}
