package org.layerwise.model.quantization;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.layerwise.tensor.DType;

/**
 * Decodes 8-bit floats with scales on the processor in one pass over memory. The values are those of the operations on tensors, to
 * the bit.
 *
 * @param encoding type of the codes: e4m3 or e5m2
 * @param scaleType type of the scales: float32, bfloat16 or e8m0
 * @param out rows of a matrix
 * @param in columns of a matrix
 * @param rows rows with one scale
 * @param columns columns with one scale
 */
record Float8Dequantizer(DType encoding, DType scaleType, int out, int in, int rows, int columns)
        implements QuantizedTensor.HostDecoder {

    private static final int CODES = 256;
    private static final int BYTE = 0xff;
    private static final int E8M0_NAN = 0xff;
    private static final int MANTISSA_BITS = 23;

    /** Bits of the smallest value of e8m0, which is below the normal numbers of float32. */
    private static final int E8M0_LEAST = 0x0040_0000;

    /** Values that one task decodes, and that wait in the processor's cache until they are written. */
    private static final int CHUNK = 1 << 16;

    /** Returns true if scales of a type can be read. */
    static boolean reads(DType scaleType) {
        return scaleType == DType.F32 || scaleType == DType.BF16 || isPower(scaleType);
    }

    private static boolean isPower(DType scaleType) {
        return scaleType == DType.F8_E8M0 || scaleType == DType.U8;
    }

    @Override
    public void decode(List<ByteBuffer> parts, long from, ByteBuffer target, DType compute) {
        int values = target.remaining() / compute.bytes();
        ByteBuffer codes = parts.get(0);
        float[] scales = scales(parts.get(1));
        float[] map = map(encoding);
        IntStream.rangeClosed(0, (values - 1) / CHUNK).parallel().forEach(part -> {
            int begin = part * CHUNK;
            int size = Math.min(CHUNK, values - begin);
            byte[] bytes = new byte[size];
            codes.get(Math.toIntExact(from + begin), bytes);
            ByteBuffer own = target.slice(target.position() + begin * compute.bytes(), size * compute.bytes())
                    .order(ByteOrder.LITTLE_ENDIAN);
            if (compute == DType.BF16) {
                short[] halves = new short[size];
                segments(
                        from + begin,
                        size,
                        (start, end, scale) -> halves(bytes, start, end, map, scales[scale], halves));
                own.asShortBuffer().put(halves);
            } else {
                float[] whole = new float[size];
                segments(
                        from + begin,
                        size,
                        (start, end, scale) -> floats(bytes, start, end, map, scales[scale], whole));
                own.asFloatBuffer().put(whole);
            }
        });
    }

    /** Receives values of one row with one scale. */
    private interface Segment {
        void take(int begin, int end, int scale);
    }

    private void segments(long from, int size, Segment segment) {
        int across = (in - 1) / columns + 1;
        int down = (out - 1) / rows + 1;
        for (int begin = 0; begin < size; ) {
            long row = (from + begin) / in;
            int column = (int) ((from + begin) % in);
            int end = Math.min(size, begin + Math.min(columns - column % columns, in - column));
            int scaleRow = (int) (row / out) * down + (int) (row % out) / rows;
            segment.take(begin, end, scaleRow * across + column / columns);
            begin = end;
        }
    }

    private static void floats(byte[] codes, int begin, int end, float[] map, float scale, float[] values) {
        for (int i = begin; i < end; i++) {
            values[i] = map[codes[i] & BYTE] * scale;
        }
    }

    private static void halves(byte[] codes, int begin, int end, float[] map, float scale, short[] values) {
        if (Float.isFinite(scale)) {
            // a code that is NaN has the bits of Float.NaN, which are rounded as a number is
            for (int i = begin; i < end; i++) {
                int bits = Float.floatToRawIntBits(map[codes[i] & BYTE] * scale);
                values[i] = (short) BFloat16Rounding.bitsOfNumber(bits);
            }
        } else {
            for (int i = begin; i < end; i++) {
                values[i] = (short) BFloat16Rounding.bits(map[codes[i] & BYTE] * scale);
            }
        }
    }

    private float[] scales(ByteBuffer stored) {
        ByteBuffer buffer = stored.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        float[] scales = new float[buffer.remaining() / scaleType.bytes()];
        for (int i = 0; i < scales.length; i++) {
            int at = i * scaleType.bytes();
            if (scaleType == DType.F32) {
                scales[i] = buffer.getFloat(at);
            } else if (scaleType == DType.BF16) {
                scales[i] = Float.intBitsToFloat(buffer.getShort(at) << Short.SIZE);
            } else {
                scales[i] = power(buffer.get(at) & BYTE);
            }
        }
        return scales;
    }

    private static float power(int code) {
        return switch (code) {
            case 0 -> Float.intBitsToFloat(E8M0_LEAST);
            case E8M0_NAN -> Float.NaN;
            default -> Float.intBitsToFloat(code << MANTISSA_BITS);
        };
    }

    /** Returns the values of the codes of a type (OCP 8-bit Floating Point Specification, table 1). */
    private static float[] map(DType encoding) {
        boolean wide = encoding == DType.F8_E5M2;
        int fraction = wide ? 2 : 3;
        int bias = wide ? 15 : 7;
        float[] map = new float[CODES];
        for (int code = 0; code < CODES / 2; code++) {
            int exponent = code >>> fraction;
            int steps = code & (1 << fraction) - 1;
            float value = exponent == 0
                    ? Math.scalb((float) steps, 1 - bias - fraction)
                    : Math.scalb((float) (steps + (1 << fraction)), exponent - bias - fraction);
            if (wide && exponent == 0x1f) {
                value = steps == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            } else if (!wide && code == CODES / 2 - 1) {
                value = Float.NaN;
            }
            map[code] = value;
            map[code + CODES / 2] = Float.isNaN(value) ? value : -value;
        }
        return map;
    }
}
