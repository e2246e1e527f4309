package org.layerwise.model.quantization;

/** Rounding of float32 to the nearest bfloat16, the even one of two, as libtorch rounds. */
final class BFloat16Rounding {

    private static final int NAN = 0x7fc0;
    private static final int HALF = 0x7fff;

    private BFloat16Rounding() {}

    /** Returns the 16 bits of the nearest bfloat16. */
    static int bits(float value) {
        return Float.isNaN(value) ? NAN : bitsOfNumber(Float.floatToRawIntBits(value));
    }

    /**
     * Returns the 16 bits of the nearest bfloat16 without a branch, which a loop takes several of at a time.
     *
     * @param bits bits of a float32 that is not NaN
     */
    static int bitsOfNumber(int bits) {
        return bits + HALF + (bits >>> Short.SIZE & 1) >>> Short.SIZE;
    }
}
