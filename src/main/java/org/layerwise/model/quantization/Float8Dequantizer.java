package org.layerwise.model.quantization;

import java.nio.ByteBuffer;
import java.util.List;
import org.layerwise.tensor.DType;

/**
 * Decodes 8-bit floats with scales on the processor in one pass over memory. The values are those of the operations on tensors, to
 * the bit.
 *
 * @param encoding type of the codes: e4m3 or e5m2
 * @param scaleType type of the scales: float32, float16, bfloat16 or e8m0
 * @param out rows of a matrix
 * @param in columns of a matrix
 * @param rows rows with one scale
 * @param columns columns with one scale
 */
record Float8Dequantizer(DType encoding, DType scaleType, int out, int in, int rows, int columns)
        implements QuantizedTensor.HostDecoder {

    private static final int CODES = 256;
    private static final int BYTE = 0xff;
    /** Values that one task decodes, and that wait in the processor's cache until they are written. */
    private static final int CHUNK = 1 << 16;

    @Override
    public void decode(List<ByteBuffer> parts, long from, ByteBuffer target, DType compute) {
        ByteBuffer codes = parts.get(0);
        float[] scales = StoredFloats.floats(parts.get(1), scaleType);
        float[] map = map(encoding);
        QuantizedTensor.HostDecoder.fill(target, compute, CHUNK, (begin, size, part) -> {
            byte[] bytes = new byte[size];
            codes.get(Math.toIntExact(from + begin), bytes);
            if (compute == DType.BF16) {
                short[] values = new short[size];
                segments(from + begin, size, (start, end, at) -> halves(bytes, start, end, map, scales[at], values));
                part.asShortBuffer().put(values);
            } else {
                float[] values = new float[size];
                segments(from + begin, size, (start, end, at) -> floats(bytes, start, end, map, scales[at], values));
                part.asFloatBuffer().put(values);
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

    private static float[] map(DType encoding) {
        float[] map = new float[CODES];
        for (int code = 0; code < CODES; code++) {
            map[code] = StoredFloats.value(code, encoding);
        }
        return map;
    }
}
