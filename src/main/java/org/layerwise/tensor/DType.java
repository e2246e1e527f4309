package org.layerwise.tensor;

/** Element type of a tensor, with libtorch's scalar-type code and the name that safetensors files use. */
public enum DType {
    F64(8, 7, "F64"),
    F32(4, 6, "F32"),
    F16(2, 5, "F16"),
    BF16(2, 15, "BF16"),
    I64(8, 4, "I64"),
    I32(4, 3, "I32"),
    I16(2, 2, "I16"),
    I8(1, 1, "I8"),
    U8(1, 0, "U8"),
    BOOL(1, 11, "BOOL");

    private final int bytes;
    private final int torchCode;
    private final String fileName;

    DType(int bytes, int torchCode, String fileName) {
        this.bytes = bytes;
        this.torchCode = torchCode;
        this.fileName = fileName;
    }

    /** Returns the size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Returns the name in a safetensors header. */
    public String fileName() {
        return fileName;
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
