package org.layerwise.selection.export;

/** Form in which a checkpoint stores the weights of its linear maps, as far as other tools must know it. */
public enum StoredForm {
    /** Numbers in 16 or 32 bits. */
    PLAIN(""),
    /** NF4 or FP4 of bitsandbytes. */
    BITSANDBYTES_4("bitsandbytes"),
    /** 8 bits of bitsandbytes. */
    BITSANDBYTES_8("bitsandbytes"),
    GPTQ("gptqmodel"),
    AWQ("gptqmodel"),
    COMPRESSED_TENSORS("compressed-tensors"),
    /** Quantised form that transformers reads by itself. */
    OTHER("");

    private final String pythonPackage;

    StoredForm(String pythonPackage) {
        this.pythonPackage = pythonPackage;
    }

    /**
     * Returns the form of a {@code quant_method}.
     *
     * @param eightBits true if codes have 8 bits
     */
    public static StoredForm of(String method, boolean eightBits) {
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
