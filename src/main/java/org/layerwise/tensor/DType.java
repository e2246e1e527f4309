package org.layerwise.tensor;

/** Element type of a tensor, with libtorch's scalar-type code and the names of safetensors files and of PyTorch. */
public enum DType {
    F64(8, 7, "F64", "float64"),
    F32(4, 6, "F32", "float32"),
    F16(2, 5, "F16", "float16"),
    BF16(2, 15, "BF16", "bfloat16"),
    I64(8, 4, "I64", "int64"),
    I32(4, 3, "I32", "int32"),
    I16(2, 2, "I16", "int16"),
    I8(1, 1, "I8", "int8"),
    U8(1, 0, "U8", "uint8"),
    BOOL(1, 11, "BOOL", "bool"),
    /** Values that are stored and never computed with; {@link Tensor#float8} widens them. */
    F8_E4M3(1, 24, "F8_E4M3", "float8_e4m3fn"),
    /** As {@link #F8_E4M3}, with five bits of exponent. */
    F8_E5M2(1, 23, "F8_E5M2", "float8_e5m2"),
    /** As {@link #F8_E4M3}, powers of two alone. */
    F8_E8M0(1, 44, "F8_E8M0", "float8_e8m0fnu");

    private final int bytes;
    private final int torchCode;
    private final String fileName;
    private final String torchName;

    DType(int bytes, int torchCode, String fileName, String torchName) {
        this.bytes = bytes;
        this.torchCode = torchCode;
        this.fileName = fileName;
        this.torchName = torchName;
    }

    /** Returns the size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Returns the name in a safetensors header. */
    public String fileName() {
        return fileName;
    }

    /** Returns PyTorch's name, for example {@code bfloat16}. */
    public String torchName() {
        return torchName;
    }

    /** Returns true if values of this type can carry gradients. */
    public boolean floating() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    int torchCode() {
        return torchCode;
    }

    static DType ofTorchCode(long code) {
        for (DType type : values()) {
            if (type.torchCode == code) {
                return type;
            }
        }
        throw new IllegalStateException("libtorch's scalar type " + code + " is not one that Layerwise handles");
    }
}
