package org.layerwise.model.quantization;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.tensor.DType;

/**
 * Decodes 4-bit codes with a scale and a zero for each group of inputs on the processor: some rows at a time are brought into the
 * order of the matrix, and each code then takes one lookup. The values {@code (code - zero) * scale} are those of the operations on
 * tensors, to the bit. Parts are the codes, the zeros, the scales and, if inputs name their groups, these.
 *
 * @param layout arrangement of the codes
 * @param scaleType type of the scales
 * @param out rows of the matrix
 * @param in columns of the matrix
 * @param size inputs of a group, unless they name their groups
 * @param zeroOffset number to add to a stored zero, modulo 16
 * @param named true if inputs name their groups
 */
record GroupwiseDequantizer(
        QweightLayout layout, DType scaleType, int out, int in, int size, int zeroOffset, boolean named)
        implements QuantizedTensor.HostDecoder {

    private static final int CODES = 16;

    /** Most values that are decoded together, unless the rows of a word have more: they wait in the processor's cache. */
    private static final int TOGETHER = 1 << 17;

    /** Most columns of a matrix whose rows are decoded together. */
    private static final int MOST = 1 << 20;

    /** Returns the decoder of a matrix; null if it has too many columns or rows for it. */
    static @Nullable GroupwiseDequantizer of(
            QweightLayout layout, DType scaleType, long out, long in, long size, int zeroOffset, boolean named) {
        return in > MOST || out > Integer.MAX_VALUE
                ? null
                : new GroupwiseDequantizer(
                        layout, scaleType, (int) out, (int) in, (int) Math.min(size, in), zeroOffset, named);
    }

    @Override
    public void decode(List<ByteBuffer> stored, long from, ByteBuffer target, DType compute) {
        int values = target.remaining() / compute.bytes();
        Input input = new Input(
                StoredFloats.littleEndian(stored.get(0)).asIntBuffer(),
                StoredFloats.floats(stored.get(2), scaleType),
                StoredFloats.littleEndian(stored.get(1)).asIntBuffer(),
                places(stored));
        int together = Math.max(1, TOGETHER / in / QweightLayout.IN_WORD) * QweightLayout.IN_WORD;
        int first = Math.toIntExact(from / in / together);
        int last = Math.toIntExact((from + values - 1) / in / together);
        IntStream.rangeClosed(first, last).parallel().forEach(tile -> {
            int rows = Math.min(together, out - tile * together);
            long begin = (long) tile * together * in;
            int start = (int) Math.max(0, from - begin);
            int end = (int) Math.min((long) rows * in, from + values - begin);
            ByteBuffer own = QuantizedTensor.HostDecoder.part(
                    target, compute, Math.toIntExact(begin + start - from), end - start);
            int groups = input.scales.length / out;
            decode(input, new QweightLayout.Tile(out, in, groups, tile * together, rows), own, start, compute);
        });
    }

    /**
     * Parts of a tensor.
     *
     * @param groups place of the values of each input's group in those of a row
     */
    private record Input(IntBuffer codes, float[] scales, IntBuffer zeros, int[] groups) {}

    private void decode(Input input, QweightLayout.Tile tile, ByteBuffer target, int start, DType compute) {
        byte[] codes = new byte[tile.rows() * in];
        layout.unpack(input.codes, tile, codes);
        float[] tables = tables(input, tile);
        if (compute == DType.F32) {
            float[] values = new float[codes.length];
            for (int row = 0; row < tile.rows(); row++) {
                lookUp(codes, row * in, in, input.groups, tables, row * tile.groups() * CODES, values);
            }
            target.asFloatBuffer().put(values, start, target.remaining() / Float.BYTES);
        } else {
            short[] halves = new short[tables.length];
            for (int i = 0; i < halves.length; i++) {
                halves[i] = (short) BFloat16Rounding.bits(tables[i]);
            }
            short[] values = new short[codes.length];
            for (int row = 0; row < tile.rows(); row++) {
                lookUp(codes, row * in, in, input.groups, halves, row * tile.groups() * CODES, values);
            }
            target.asShortBuffer().put(values, start, target.remaining() / Short.BYTES);
        }
    }

    private static void lookUp(
            byte[] codes, int begin, int in, int[] groups, float[] tables, int table, float[] values) {
        for (int i = 0; i < in; i++) {
            values[begin + i] = tables[groups[i] + table + codes[begin + i]];
        }
    }

    private static void lookUp(
            byte[] codes, int begin, int in, int[] groups, short[] tables, int table, short[] values) {
        for (int i = 0; i < in; i++) {
            values[begin + i] = tables[groups[i] + table + codes[begin + i]];
        }
    }

    /** Returns the values of the codes, {@code [rows, groups, 16]}. */
    private float[] tables(Input input, QweightLayout.Tile tile) {
        float[] tables = new float[tile.rows() * tile.groups() * CODES];
        for (int row = 0; row < tile.rows(); row++) {
            for (int group = 0; group < tile.groups(); group++) {
                float scale = input.scales[layout.scale(tile, tile.from() + row, group)];
                int zero = layout.zero(input.zeros, tile, tile.from() + row, group) + zeroOffset & CODES - 1;
                int at = (row * tile.groups() + group) * CODES;
                for (int code = 0; code < CODES; code++) {
                    tables[at + code] = (code - zero) * scale;
                }
            }
        }
        return tables;
    }

    private int[] places(List<ByteBuffer> stored) {
        int[] groups = new int[in];
        if (!named) {
            for (int i = 0; i < in; i++) {
                groups[i] = i / size * CODES;
            }
        } else {
            StoredFloats.littleEndian(stored.get(3)).asIntBuffer().get(groups);
            for (int i = 0; i < in; i++) {
                groups[i] *= CODES;
            }
        }
        return groups;
    }
}
