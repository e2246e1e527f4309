package org.layerwise.model.quantization;

import java.util.Arrays;
import java.util.List;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Computations with codes and scales that several formats share. All results are float32 in the innermost open scope. */
final class Dequantization {

    private static final int NIBBLES = 16;
    private static final int BYTES = 256;

    /** Values of the codes of 4-bit floats, e2m1 (OCP Microscaling Formats 1.0, section 5.3.3). */
    private static final float[] FLOAT4 = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6};

    private Dequantization() {}

    /** Returns the values of 4-bit floats as a table for {@link #nibbles}. */
    static Tensor float4(TensorEngine engine, Device device) {
        return engine.of(FLOAT4.clone(), NIBBLES).to(device);
    }

    /** Returns the numbers {@code (code + offset) mod 2^bits} as a table for {@link #nibbles} or {@link #bytes}. */
    static Tensor wrapped(TensorEngine engine, Device device, int bits, int offset) {
        float[] values = new float[1 << bits];
        for (int code = 0; code < values.length; code++) {
            values[code] = (code + offset) & (values.length - 1);
        }
        return engine.of(values, values.length).to(device);
    }

    /** Returns the numbers {@code code + offset} as a table. */
    static Tensor shifted(TensorEngine engine, Device device, int bits, int offset) {
        float[] values = new float[1 << bits];
        for (int code = 0; code < values.length; code++) {
            values[code] = code + offset;
        }
        return engine.of(values, values.length).to(device);
    }

    /**
     * Returns the values of packed codes, {@code [..., bytes * 8 / bits]}.
     *
     * @param bytes {@code [..., bytes]}, uint8; the first of two codes is in the low bits of a byte
     * @param table value of each code, {@code [16]} or {@code [256]}
     */
    static Tensor values(TensorEngine engine, Tensor bytes, Tensor table) {
        return table.elements() == BYTES ? bytes(bytes, table) : nibbles(engine, bytes, table, false);
    }

    /**
     * Returns the values of 4-bit codes, {@code [..., 2 * bytes]}.
     *
     * @param table value of each code, {@code [16]}
     * @param highFirst true if the first of two codes is in the high bits of a byte
     */
    static Tensor nibbles(TensorEngine engine, Tensor bytes, Tensor table, boolean highFirst) {
        long[] codes = new long[2 * BYTES];
        for (int value = 0; value < BYTES; value++) {
            int high = value / NIBBLES;
            int low = value % NIBBLES;
            codes[2 * value] = highFirst ? high : low;
            codes[2 * value + 1] = highFirst ? low : high;
        }
        Tensor pairs = table.indexSelect(0, engine.of(codes, codes.length).to(table.device()))
                .reshape(BYTES, 2);
        long[] shape = bytes.shape();
        shape[shape.length - 1] *= 2;
        return pairs.embedding(bytes.cast(DType.I32)).reshape(shape);
    }

    /** Returns the values of 8-bit codes, in the shape of the codes. */
    static Tensor bytes(Tensor bytes, Tensor table) {
        return table.reshape(BYTES, 1).embedding(bytes.cast(DType.I32)).reshape(bytes.shape());
    }

    /**
     * Multiplies each block of consecutive values by its scale.
     *
     * @param values {@code [n]}
     * @param scales {@code [ceil(n / block)]}
     */
    static Tensor scaled(TensorEngine engine, Tensor values, Tensor scales, long block) {
        long n = values.elements();
        long whole = n / block;
        Tensor head = values.slice(0, 0, whole * block)
                .reshape(whole, block)
                .mul(scales.slice(0, 0, whole).reshape(whole, 1))
                .reshape(whole * block);
        return whole * block == n
                ? head
                : engine.cat(
                        List.of(head, values.slice(0, whole * block, n).mul(scales.slice(0, whole, whole + 1))), 0);
    }

    /**
     * Repeats each number of the last axis.
     *
     * @param groups {@code [..., ceil(size / group)]}
     * @return {@code [..., size]}
     */
    static Tensor spread(Tensor groups, long group, long size) {
        long[] shape = groups.shape();
        int last = shape.length - 1;
        long[] column = Arrays.copyOf(shape, shape.length + 1);
        column[last + 1] = 1;
        long[] wide = column.clone();
        wide[last + 1] = group;
        shape[last] *= group;
        return groups.reshape(column).expand(wide).reshape(shape).slice(last, 0, size);
    }

    /** Repeats each row of matrices {@code [..., ceil(size / group), n]} to {@code [..., size, n]}. */
    static Tensor spreadRows(Tensor groups, long group, long size) {
        return spread(groups.transpose(), group, size).transpose();
    }
}
