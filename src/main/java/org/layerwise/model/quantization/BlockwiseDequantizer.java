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
        int[] bits = new int[CODES];
        boolean half = compute == DType.BF16;
        int[] pairs = half ? new int[size / 2] : new int[0];
        long[] wide = half ? new long[0] : new long[size / 2];
        for (int begin = 0; begin < size; ) {
            int index = (int) ((from + begin) / block);
            int end = (int) Math.min(size, (index + 1L) * block - from);
            float scale = scale(scales, index);
            if (half && type != DType.F16) {
                bfloat16(map, scale, bits); // a second rounding to bfloat16 changes nothing
            } else {
                for (int code = 0; code < CODES; code++) {
                    float value = rounded(map[code] * scale);
                    bits[code] = half ? bfloat16(value) : Float.floatToRawIntBits(value);
                }
            }
            if (half) {
                pairs(bytes, begin / 2, end / 2, bits, pairs);
            } else {
                wide(bytes, begin / 2, end / 2, bits, wide);
            }
            begin = end;
        }
        if (half) {
            target.asIntBuffer().put(pairs);
        } else {
            target.asLongBuffer().put(wide);
        }
    }

    private static void bfloat16(float[] map, float scale, int[] bits) {
        for (int code = 0; code < CODES; code++) {
            bits[code] = bfloat16(map[code] * scale);
        }
    }

    private static void pairs(byte[] codes, int begin, int end, int[] bits, int[] pairs) {
        for (int i = begin; i < end; i++) {
            int both = codes[i] & BYTE;
            pairs[i] = bits[both >>> NIBBLE] | bits[both & LOW] << Short.SIZE;
        }
    }

    private static void wide(byte[] codes, int begin, int end, int[] bits, long[] wide) {
        for (int i = begin; i < end; i++) {
            int both = codes[i] & BYTE;
            wide[i] = Integer.toUnsignedLong(bits[both >>> NIBBLE]) | (long) bits[both & LOW] << Integer.SIZE;
        }
    }

    private float scale(Scales scales, int index) {
        if (nested == 0) {
            return scales.stored.getFloat(index * Float.BYTES);
        }
        float code = scales.map[scales.stored.get(index) & BYTE];
        return code * scales.nested.getFloat(index / nested * Float.BYTES) + offset;
    }

    private float rounded(float value) {
        return switch (type) {
            case BF16 -> Float.intBitsToFloat(bfloat16(value) << Short.SIZE);
            case F16 -> Float16Rounding.round(value);
            default -> value;
        };
    }

    /** Returns the bits of the nearest bfloat16, the even one of two, as libtorch does. */
    private static int bfloat16(float value) {
        if (Float.isNaN(value)) {
            return 0x7fc0;
        }
        int bits = Float.floatToRawIntBits(value);
        return bits + 0x7fff + (bits >>> Short.SIZE & 1) >>> Short.SIZE;
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
