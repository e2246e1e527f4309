package org.layerwise.selection.export;

/** Method by which the weights of a checkpoint are quantised, as far as other tools must know it. */
public enum QuantizationMethod {
    /** Weights in 16 or 32 bits. */
    NONE(""),
    /** NF4 or FP4 of bitsandbytes. */
    BITSANDBYTES_4("bitsandbytes"),
    /** 8 bits of bitsandbytes. */
    BITSANDBYTES_8("bitsandbytes"),
    GPTQ("gptqmodel"),
    AWQ("gptqmodel"),
    COMPRESSED_TENSORS("compressed-tensors"),
    /** Method whose weights transformers reads by itself. */
    OTHER("");

    private final String pythonPackage;

    QuantizationMethod(String pythonPackage) {
        this.pythonPackage = pythonPackage;
    }

    /**
     * Returns the method of a {@code quant_method}.
     *
     * @param eightBits true if codes have 8 bits
     */
    public static QuantizationMethod of(String method, boolean eightBits) {
        return switch (method) {
            case "bitsandbytes" -> eightBits ? BITSANDBYTES_8 : BITSANDBYTES_4;
            case "gptq" -> GPTQ;
            case "awq" -> AWQ;
            case "compressed-tensors" -> COMPRESSED_TENSORS;
            default -> OTHER;
        };
    }

    /** Returns the Python package by which transformers reads the weights; empty if it needs none. */
    String pythonPackage() {
        return pythonPackage;
    }
}
