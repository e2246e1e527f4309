package org.layerwise.model.quantization;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.tensor.DType;

/**
 * Decodes 4-bit codes with a scale and a zero for each group of inputs on the processor: some rows at a time are brought into the
 * order of the matrix, and each code then takes one lookup. The values {@code (code - zero) * scale} are those of the operations on
 * tensors, to the bit.
 *
 * @param layout arrangement of the codes
 * @param scaleType type of the scales
 * @param out rows of the matrix
 * @param in columns of the matrix
 * @param size inputs of a group, unless they name their groups
 * @param zeroOffset number to add to a stored zero, modulo 16
 * @param zero zero where none are stored
 * @param parts places of the parts
 */
record GroupwiseDequantizer(
        NibbleLayout layout, DType scaleType, int out, int in, int size, int zeroOffset, int zero, Places parts)
        implements QuantizedTensor.HostDecoder {

    /**
     * Indices of the parts of a tensor, -1 for one that it does not have.
     *
     * @param index group of each input
     */
    record Places(int codes, int scales, int zeros, int index) {}

    private static final int CODES = 16;

    /** Rows that are decoded together: a multiple of the outputs of a word. */
    private static final int ROWS = 32;

    /** Most columns of a matrix whose rows are decoded together. */
    private static final int MOST = 1 << 20;

    /** Returns the decoder of a matrix; null if it has too many columns or rows for it. */
    static @Nullable GroupwiseDequantizer of(
            NibbleLayout layout,
            DType scaleType,
            long out,
            long in,
            long size,
            int zeroOffset,
            int zero,
            Places parts) {
        return in > MOST || out > Integer.MAX_VALUE
                ? null
                : new GroupwiseDequantizer(
                        layout, scaleType, (int) out, (int) in, (int) Math.min(size, in), zeroOffset, zero, parts);
    }

    @Override
    public void decode(List<ByteBuffer> stored, long from, ByteBuffer target, DType compute) {
        int values = target.remaining() / compute.bytes();
        Input input = new Input(
                ordered(stored.get(parts.codes)).asIntBuffer(),
                scales(stored.get(parts.scales)),
                parts.zeros < 0 ? null : ordered(stored.get(parts.zeros)).asIntBuffer(),
                groups(stored));
        int first = Math.toIntExact(from / in / ROWS);
        int last = Math.toIntExact((from + values - 1) / in / ROWS);
        IntStream.rangeClosed(first, last).parallel().forEach(tile -> {
            int rows = Math.min(ROWS, out - tile * ROWS);
            long begin = (long) tile * ROWS * in;
            int start = (int) Math.max(0, from - begin);
            int end = (int) Math.min((long) rows * in, from + values - begin);
            ByteBuffer own = target.slice(
                            target.position() + Math.toIntExact(begin + start - from) * compute.bytes(),
                            (end - start) * compute.bytes())
                    .order(ByteOrder.LITTLE_ENDIAN);
            int groups = input.scales.length / out;
            decode(input, new NibbleLayout.Tile(out, in, groups, tile * ROWS, rows), own, start, compute);
        });
    }

    /**
     * Parts of a tensor.
     *
     * @param groups group of each input
     */
    private record Input(IntBuffer codes, float[] scales, @Nullable IntBuffer zeros, int[] groups) {}

    private void decode(Input input, NibbleLayout.Tile tile, ByteBuffer target, int start, DType compute) {
        byte[] codes = new byte[tile.rows() * in];
        layout.unpack(input.codes, tile, codes);
        float[] tables = tables(input, tile);
        if (compute == DType.F32) {
            float[] values = new float[codes.length];
            for (int row = 0; row < tile.rows(); row++) {
                lookUp(codes, row * in, in, input.groups, tables, row * tile.groups(), values);
            }
            target.asFloatBuffer().put(values, start, target.remaining() / Float.BYTES);
        } else {
            short[] halves = new short[tables.length];
            for (int i = 0; i < halves.length; i++) {
                halves[i] = (short) BFloat16Rounding.bits(tables[i]);
            }
            short[] values = new short[codes.length];
            for (int row = 0; row < tile.rows(); row++) {
                lookUp(codes, row * in, in, input.groups, halves, row * tile.groups(), values);
            }
            target.asShortBuffer().put(values, start, target.remaining() / Short.BYTES);
        }
    }

    private static void lookUp(
            byte[] codes, int begin, int in, int[] groups, float[] tables, int table, float[] values) {
        for (int i = 0; i < in; i++) {
            values[begin + i] = tables[(table + groups[i]) * CODES + codes[begin + i]];
        }
    }

    private static void lookUp(
            byte[] codes, int begin, int in, int[] groups, short[] tables, int table, short[] values) {
        for (int i = 0; i < in; i++) {
            values[begin + i] = tables[(table + groups[i]) * CODES + codes[begin + i]];
        }
    }

    /** Returns the values of the codes, {@code [rows, groups, 16]}. */
    private float[] tables(Input input, NibbleLayout.Tile tile) {
        float[] tables = new float[tile.rows() * tile.groups() * CODES];
        for (int row = 0; row < tile.rows(); row++) {
            for (int group = 0; group < tile.groups(); group++) {
                float scale = input.scales[layout.scale(tile, tile.from() + row, group)];
                int none = input.zeros == null
                        ? zero
                        : layout.zero(input.zeros, tile, tile.from() + row, group) + zeroOffset & CODES - 1;
                int at = (row * tile.groups() + group) * CODES;
                for (int code = 0; code < CODES; code++) {
                    tables[at + code] = (code - none) * scale;
                }
            }
        }
        return tables;
    }

    private int[] groups(List<ByteBuffer> stored) {
        int[] groups = new int[in];
        if (parts.index < 0) {
            for (int i = 0; i < in; i++) {
                groups[i] = i / size;
            }
        } else {
            ordered(stored.get(parts.index)).asIntBuffer().get(groups);
        }
        return groups;
    }

    private float[] scales(ByteBuffer stored) {
        ByteBuffer buffer = ordered(stored);
        float[] scales = new float[buffer.remaining() / scaleType.bytes()];
        for (int i = 0; i < scales.length; i++) {
            int at = i * scaleType.bytes();
            scales[i] = switch (scaleType) {
                case F32 -> buffer.getFloat(at);
                case BF16 -> Float.intBitsToFloat(buffer.getShort(at) << Short.SIZE);
                default -> Float16Rounding.widened(buffer.getShort(at));
            };
        }
        return scales;
    }

    private static ByteBuffer ordered(ByteBuffer buffer) {
        return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
}
