package org.layerwise.model.quantization;

import java.nio.ByteBuffer;
import java.util.List;
import org.layerwise.tensor.DType;

/**
 * Decodes 4-bit codes of bitsandbytes on the processor in one pass over memory: the sixteen values of a block are computed once, and
 * each byte of codes then takes two lookups. The values are those of the operations on tensors, to the bit.
 *
 * @param type data type to which values are rounded: float32, float16 or bfloat16
 * @param block even number of values with one scale
 * @param nested number of scales with one scale of their own; 0 without double quantisation
 * @param offset number to add to scales that are quantised
 */
record BlockwiseDequantizer(DType type, int block, int nested, float offset) implements QuantizedTensor.HostDecoder {

    private static final int CODES = 16;
    private static final int NIBBLE = 4;
    private static final int LOW = 0xf;
    private static final int BYTE = 0xff;

    /** Values that one task decodes, and that wait in the processor's cache until they are written. */
    private static final int CHUNK = 1 << 16;

    @Override
    public void decode(List<ByteBuffer> parts, long from, ByteBuffer target, DType compute) {
        float[] map = StoredFloats.floats(parts.get(1), DType.F32);
        ByteBuffer absmax = StoredFloats.littleEndian(parts.get(2));
        Scales scales = nested == 0
                ? new Scales(absmax, new float[0], absmax)
                : new Scales(
                        absmax, StoredFloats.floats(parts.get(4), DType.F32), StoredFloats.littleEndian(parts.get(3)));
        ByteBuffer codes = parts.get(0);
        int together = Math.max(1, CHUNK / block) * block;
        QuantizedTensor.HostDecoder.fill(
                target,
                compute,
                together,
                (begin, size, part) -> decode(codes, from + begin, size, map, scales, part, compute));
    }

    /**
     * Scales of blocks.
     *
     * @param stored scales, or their codes with double quantisation
     * @param map values of these codes
     */
    private record Scales(ByteBuffer stored, float[] map, ByteBuffer nested) {}

    private void decode(
            ByteBuffer codes, long from, int size, float[] map, Scales scales, ByteBuffer target, DType compute) {
        byte[] bytes = new byte[size / 2];
        codes.get((int) (from / 2), bytes);
        if (compute == DType.BF16) {
            target.asIntBuffer().put(pairs(bytes, from, size, map, scales));
        } else {
            target.asLongBuffer().put(wide(bytes, from, size, map, scales));
        }
    }

    /**
     * Returns pairs of values in bfloat16. The two tables, of the first and of the second values of pairs, are made here: then the
     * compiler knows their length, and checks no index.
     */
    private int[] pairs(byte[] codes, long from, int size, float[] map, Scales scales) {
        int[] first = new int[CODES];
        int[] second = new int[CODES];
        int[] pairs = new int[size / 2];
        boolean finite = isFinite(map);
        for (int begin = 0; begin < size; ) {
            int index = (int) ((from + begin) / block);
            int end = (int) Math.min(size, (index + 1L) * block - from);
            float scale = scale(scales, index);
            // rounding to bfloat16 a second time would change nothing
            fill(first, map, scale, type == DType.F16, true, finite && Float.isFinite(scale));
            for (int code = 0; code < CODES; code++) {
                second[code] = first[code];
                first[code] >>>= Short.SIZE;
            }
            for (int i = begin / 2; i < end / 2; i++) {
                pairs[i] = first[codes[i] >>> NIBBLE & LOW] | second[codes[i] & LOW];
            }
            begin = end;
        }
        return pairs;
    }

    /** Returns pairs of values in float32. */
    private long[] wide(byte[] codes, long from, int size, float[] map, Scales scales) {
        int[] bits = new int[CODES];
        long[] first = new long[CODES];
        long[] second = new long[CODES];
        long[] pairs = new long[size / 2];
        boolean finite = isFinite(map);
        for (int begin = 0; begin < size; ) {
            int index = (int) ((from + begin) / block);
            int end = (int) Math.min(size, (index + 1L) * block - from);
            float scale = scale(scales, index);
            fill(bits, map, scale, type == DType.F16, type == DType.BF16, finite && Float.isFinite(scale));
            for (int code = 0; code < CODES; code++) {
                first[code] = Integer.toUnsignedLong(bits[code]);
                second[code] = (long) bits[code] << Integer.SIZE;
            }
            for (int i = begin / 2; i < end / 2; i++) {
                pairs[i] = first[codes[i] >>> NIBBLE & LOW] | second[codes[i] & LOW];
            }
            begin = end;
        }
        return pairs;
    }

    private static boolean isFinite(float[] values) {
        boolean finite = true;
        for (float value : values) {
            finite &= Float.isFinite(value);
        }
        return finite;
    }

    /**
     * Writes the bits of the values of a block's codes, as float32.
     *
     * @param half true to round them to float16
     * @param brain true to round them to bfloat16
     * @param finite true if none can be NaN, so that no step branches
     */
    private static void fill(int[] bits, float[] map, float scale, boolean half, boolean brain, boolean finite) {
        for (int code = 0; code < CODES; code++) {
            bits[code] = Float.floatToRawIntBits(map[code] * scale);
        }
        if (half) {
            for (int code = 0; code < CODES; code++) {
                bits[code] = Float.floatToRawIntBits(Float16Rounding.round(Float.intBitsToFloat(bits[code])));
            }
        }
        if (brain && finite) {
            for (int code = 0; code < CODES; code++) {
                bits[code] = BFloat16Rounding.bitsOfNumber(bits[code]) << Short.SIZE;
            }
        } else if (brain) {
            for (int code = 0; code < CODES; code++) {
                bits[code] = BFloat16Rounding.bits(Float.intBitsToFloat(bits[code])) << Short.SIZE;
            }
        }
    }

    private float scale(Scales scales, int index) {
        if (nested == 0) {
            return scales.stored.getFloat(index * Float.BYTES);
        }
        float code = scales.map[scales.stored.get(index) & BYTE];
        return code * scales.nested.getFloat(index / nested * Float.BYTES) + offset;
    }
}
