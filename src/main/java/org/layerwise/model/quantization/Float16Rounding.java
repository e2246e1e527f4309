package org.layerwise.model.quantization;

/** Rounding of float32 numbers to float16, which Java has no type for. */
final class Float16Rounding {

    private static final float LARGEST = 65_504;
    /** Half way from the largest number to what would follow. */
    private static final float OVERFLOW = 65_520;

    private static final float SMALLEST_NORMAL = 0x1p-14f;
    private static final float SUBNORMAL_STEPS = 0x1p24f;
    private static final int DROPPED = 13;

    private Float16Rounding() {}

    /** Returns the nearest float16 number, the even one of two; infinite above the largest. */
    static float round(float value) {
        float size = Math.abs(value);
        if (Float.isNaN(value) || Float.isInfinite(value)) {
            return value;
        }
        if (size >= OVERFLOW) {
            return Math.copySign(Float.POSITIVE_INFINITY, value);
        }
        if (size > LARGEST) {
            return Math.copySign(LARGEST, value);
        }
        if (size < SMALLEST_NORMAL) {
            return Math.copySign((float) Math.rint(size * SUBNORMAL_STEPS) / SUBNORMAL_STEPS, value);
        }
        int bits = Float.floatToRawIntBits(value);
        int even = bits >>> DROPPED & 1;
        return Float.intBitsToFloat(bits + (1 << DROPPED - 1) - 1 + even >> DROPPED << DROPPED);
    }
}
