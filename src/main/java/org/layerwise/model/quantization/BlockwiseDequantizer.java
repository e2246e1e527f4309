package org.layerwise.model.quantization;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
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
        int values = target.remaining() / compute.bytes();
        int chunk = Math.min(values, Math.max(1, CHUNK / block) * block);
        float[] map = floats(parts.get(1));
        Scales scales = nested == 0
                ? new Scales(ordered(parts.get(2)), new float[0], ordered(parts.get(2)))
                : new Scales(ordered(parts.get(2)), floats(parts.get(4)), ordered(parts.get(3)));
        ByteBuffer codes = ordered(parts.get(0));
        IntStream.rangeClosed(0, (values - 1) / chunk).parallel().forEach(part -> {
            int begin = part * chunk;
            int size = Math.min(chunk, values - begin);
            ByteBuffer own = target.slice(target.position() + begin * compute.bytes(), size * compute.bytes())
                    .order(ByteOrder.LITTLE_ENDIAN);
            decode(codes, from + begin, size, map, scales, own, compute);
        });
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
        Tables tables = Tables.of(map, compute);
        int[] pairs = compute == DType.BF16 ? new int[size / 2] : new int[0];
        long[] wide = compute == DType.BF16 ? new long[0] : new long[size / 2];
        for (int begin = 0; begin < size; ) {
            int index = (int) ((from + begin) / block);
            int end = (int) Math.min(size, (index + 1L) * block - from);
            fill(tables, scale(scales, index));
            if (compute == DType.BF16) {
                pairs(bytes, begin / 2, end / 2, tables.first, tables.second, pairs);
            } else {
                wide(bytes, begin / 2, end / 2, tables.firstWide, tables.secondWide, wide);
            }
            begin = end;
        }
        if (compute == DType.BF16) {
            target.asIntBuffer().put(pairs);
        } else {
            target.asLongBuffer().put(wide);
        }
    }

    /**
     * Bits that each code of a block adds to a pair of values: as its first value, and as its second one.
     *
     * @param narrow true if the pairs are of bfloat16, false if they are of float32
     * @param map values of the codes, to be scaled
     * @param finite true if no value of the map is infinite or NaN
     * @param first bits of values; of pairs of bfloat16, as {@code second}
     * @param firstWide bits of pairs of float32, as {@code secondWide}
     */
    private record Tables(
            boolean narrow,
            float[] map,
            boolean finite,
            int[] first,
            int[] second,
            long[] firstWide,
            long[] secondWide) {

        static Tables of(float[] map, DType compute) {
            boolean finite = true;
            for (float value : map) {
                finite &= Float.isFinite(value);
            }
            return new Tables(
                    compute == DType.BF16,
                    map,
                    finite,
                    new int[CODES],
                    new int[CODES],
                    new long[CODES],
                    new long[CODES]);
        }
    }

    private void fill(Tables tables, float scale) {
        float[] map = tables.map;
        int[] first = tables.first;
        for (int code = 0; code < CODES; code++) {
            first[code] = Float.floatToRawIntBits(map[code] * scale);
        }
        if (type == DType.F16) {
            for (int code = 0; code < CODES; code++) {
                first[code] = Float.floatToRawIntBits(Float16Rounding.round(map[code] * scale));
            }
        }
        boolean halved = type == DType.BF16 || tables.narrow;
        if (halved && tables.finite && Float.isFinite(scale)) {
            halve(first); // rounding to bfloat16 a second time would change nothing
        } else if (halved) {
            for (int code = 0; code < CODES; code++) {
                first[code] = BFloat16Rounding.bits(Float.intBitsToFloat(first[code])) << Short.SIZE;
            }
        }
        spread(tables);
    }

    /** Rounds bits of numbers to those of bfloat16 without branches, which lets the compiler take several at a time. */
    private static void halve(int[] bits) {
        for (int code = 0; code < CODES; code++) {
            bits[code] = BFloat16Rounding.bitsOfNumber(bits[code]) << Short.SIZE;
        }
    }

    private static void spread(Tables tables) {
        int[] bits = tables.first;
        if (tables.narrow) {
            for (int code = 0; code < CODES; code++) {
                tables.second[code] = bits[code];
                bits[code] >>>= Short.SIZE;
            }
        } else {
            for (int code = 0; code < CODES; code++) {
                tables.firstWide[code] = Integer.toUnsignedLong(bits[code]);
                tables.secondWide[code] = (long) bits[code] << Integer.SIZE;
            }
        }
    }

    private static void pairs(byte[] codes, int begin, int end, int[] first, int[] second, int[] pairs) {
        for (int i = begin; i < end; i++) {
            pairs[i] = first[codes[i] >>> NIBBLE & LOW] | second[codes[i] & LOW];
        }
    }

    private static void wide(byte[] codes, int begin, int end, long[] first, long[] second, long[] wide) {
        for (int i = begin; i < end; i++) {
            wide[i] = first[codes[i] >>> NIBBLE & LOW] | second[codes[i] & LOW];
        }
    }

    private float scale(Scales scales, int index) {
        if (nested == 0) {
            return scales.stored.getFloat(index * Float.BYTES);
        }
        float code = scales.map[scales.stored.get(index) & BYTE];
        return code * scales.nested.getFloat(index / nested * Float.BYTES) + offset;
    }

    private static ByteBuffer ordered(ByteBuffer buffer) {
        return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static float[] floats(ByteBuffer buffer) {
        float[] values = new float[buffer.remaining() / Float.BYTES];
        ordered(buffer).asFloatBuffer().get(values);
        return values;
    }
}
