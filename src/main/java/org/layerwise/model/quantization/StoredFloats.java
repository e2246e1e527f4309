package org.layerwise.model.quantization;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.layerwise.tensor.DType;

/** Numbers of the floating-point types of checkpoints, read as float32, in which all of them are exact. */
final class StoredFloats {

    private static final int FRACTION_BITS = 23;
    private static final int BIAS = 127;
    private static final int BYTE = 0xff;
    private static final int HALF = 0xffff;

    /** Bits of the smallest value of e8m0, which is below the normal numbers of float32. */
    private static final int E8M0_LEAST = 0x0040_0000;

    private StoredFloats() {}

    /** Returns all numbers of a buffer. */
    static float[] floats(ByteBuffer stored, DType type) {
        float[] values = new float[stored.remaining() / type.bytes()];
        read(littleEndian(stored), type, values, values.length);
        return values;
    }

    /** Reads numbers from the position of a little-endian buffer. */
    static void read(ByteBuffer buffer, DType type, float[] values, int size) {
        if (type == DType.F32) {
            buffer.asFloatBuffer().get(values, 0, size);
        } else if (type == DType.BF16) { // whole models are read in it
            for (int i = 0; i < size; i++) {
                values[i] = Float.intBitsToFloat(buffer.getShort(buffer.position() + i * Short.BYTES) << Short.SIZE);
            }
        } else if (type.bytes() == Short.BYTES) {
            for (int i = 0; i < size; i++) {
                values[i] = value(buffer.getShort(buffer.position() + i * Short.BYTES) & HALF, type);
            }
        } else {
            for (int i = 0; i < size; i++) {
                values[i] = value(buffer.get(buffer.position() + i) & BYTE, type);
            }
        }
    }

    /**
     * Returns the number that bits stand for. All NaNs become {@link Float#NaN}, but those of bfloat16 keep their bits.
     *
     * @param bits unsigned
     * @param type a type of 8 or 16 bits
     */
    static float value(int bits, DType type) {
        return switch (type) {
            case BF16 -> Float.intBitsToFloat(bits << Short.SIZE);
            case F16 -> value(bits, 5, 10, true);
            case F8_E5M2 -> value(bits, 5, 2, true);
            case F8_E4M3 -> value(bits, 4, 3, false);
            case F8_E8M0 -> power(bits);
            default -> throw new IllegalArgumentException(type.toString());
        };
    }

    /** @param infinities true if the largest exponent stands for infinity and NaN; else all bits set stand for NaN */
    private static float value(int bits, int exponentBits, int fractionBits, boolean infinities) {
        int bias = (1 << exponentBits - 1) - 1;
        int largest = (1 << exponentBits) - 1;
        int exponent = bits >>> fractionBits & largest;
        int fraction = bits & (1 << fractionBits) - 1;
        float size;
        if (exponent == 0) {
            size = Math.scalb((float) fraction, 1 - bias - fractionBits);
        } else if (exponent == largest && (infinities || fraction == (1 << fractionBits) - 1)) {
            if (!infinities || fraction != 0) {
                return Float.NaN;
            }
            size = Float.POSITIVE_INFINITY;
        } else {
            size = Float.intBitsToFloat(
                    exponent + BIAS - bias << FRACTION_BITS | fraction << FRACTION_BITS - fractionBits);
        }
        return bits >>> exponentBits + fractionBits == 0 ? size : -size;
    }

    private static float power(int code) {
        return switch (code) {
            case 0 -> Float.intBitsToFloat(E8M0_LEAST);
            case BYTE -> Float.NaN;
            default -> Float.intBitsToFloat(code << FRACTION_BITS);
        };
    }

    /** Returns another view of a buffer. */
    static ByteBuffer littleEndian(ByteBuffer buffer) {
        return buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
    }
}
