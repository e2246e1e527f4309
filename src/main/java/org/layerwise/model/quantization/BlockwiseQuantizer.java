package org.layerwise.model.quantization;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsWriter.Named;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Packs a matrix into NF4 as bitsandbytes does, to the bit: {@link BitsAndBytesFormat} describes the layout. A code stands for the
 * nearest of sixteen values after the values of a block are divided by their largest size.
 */
final class BlockwiseQuantizer {

    /** Values of the codes (Dettmers et al., arXiv 2305.14314, appendix E). */
    private static final float[] NF4 = {
        -1.0f,
        -0.6961928009986877f,
        -0.5250730514526367f,
        -0.39491748809814453f,
        -0.28444138169288635f,
        -0.18477343022823334f,
        -0.09105003625154495f,
        0.0f,
        0.07958029955625534f,
        0.16093020141124725f,
        0.24611230194568634f,
        0.33791524171829224f,
        0.44070982933044434f,
        0.5626170039176941f,
        0.7229568362236023f,
        1.0f
    };

    private static final int BLOCK = 64;

    private static final int NESTED_BLOCK = 256;

    private static final int NIBBLE = 4;

    /** Smallest divisor, so that a block of zeros has the code of zero. */
    private static final float LEAST = 1e-38f;

    private static final float[] BOUNDS = bounds(NF4);

    private final StoredMatrix matrix;
    private final float[] largest;

    BlockwiseQuantizer(StoredMatrix matrix) {
        this.matrix = matrix;
        this.largest = matrix.largest(BLOCK);
    }

    private static float[] bounds(float[] values) {
        float[] between = new float[values.length - 1];
        for (int i = 0; i < between.length; i++) {
            between[i] = (values[i] + values[i + 1]) / 2;
        }
        return between;
    }

    /**
     * Returns the size in bytes of packed values, with their scales and the tables of the values of codes.
     *
     * @param doubly true for scales of 8 bits
     */
    static long bytes(long values, boolean doubly) {
        long blocks = StoredParts.blocks(values, BLOCK);
        long codes = StoredParts.blocks(values, 2) + NF4.length * Float.BYTES;
        long scales = doubly
                ? blocks + (StoredParts.blocks(blocks, NESTED_BLOCK) + DynamicCodebook.COUNT) * Float.BYTES
                : blocks * Float.BYTES;
        return codes + scales;
    }

    List<Named> pack() {
        List<Named> parts = common(state());
        parts.add(Named.of(name("absmax"), largest, largest.length));
        return parts;
    }

    List<Named> packDoubly(TensorEngine engine) {
        float offset = mean(engine);
        float[] around = new float[largest.length];
        for (int i = 0; i < around.length; i++) {
            around[i] = largest[i] - offset;
        }
        DynamicCodebook dynamic = DynamicCodebook.of(engine);
        DynamicCodebook.Packed packed = dynamic.pack(around, NESTED_BLOCK);
        ObjectNode state = state();
        state.put("nested_blocksize", NESTED_BLOCK)
                .put("nested_dtype", "float32")
                .put("nested_offset", (double) offset);
        List<Named> parts = common(state);
        parts.add(Named.of(name("absmax"), DType.U8, new long[] {largest.length}, ByteBuffer.wrap(packed.codes())));
        parts.add(Named.of(name("nested_absmax"), packed.scales(), packed.scales().length));
        parts.add(Named.of(
                name("nested_quant_map"), dynamic.array(), dynamic.values().size()));
        return parts;
    }

    /**
     * Returns the mean of the scales as libtorch computes it with one thread: with more threads, it adds one number in several parts, and
     * rounds otherwise. Two numbers are computed by a thread each.
     */
    private float mean(TensorEngine engine) {
        float[] twice = new float[2 * largest.length];
        System.arraycopy(largest, 0, twice, 0, largest.length);
        System.arraycopy(largest, 0, twice, largest.length, largest.length);
        try (Scope scope = engine.inference()) {
            Tensor means = engine.of(twice, 2, largest.length).mean(1, false);
            return means.floats()[0];
        }
    }

    private List<Named> common(ObjectNode state) {
        long bytes = StoredParts.blocks(matrix.elements(), 2);
        List<Named> parts = new ArrayList<>();
        parts.add(new Named(matrix.entry().name(), DType.U8, new long[] {bytes, 1}, matrix.codes(BLOCK, this::codes)));
        parts.add(Named.of(name("quant_map"), NF4, NF4.length));
        byte[] text = Json.line(state).getBytes(StandardCharsets.UTF_8);
        parts.add(Named.of(
                name("quant_state.bitsandbytes__nf4"), DType.U8, new long[] {text.length}, ByteBuffer.wrap(text)));
        return parts;
    }

    private String name(String part) {
        return matrix.entry().name() + "." + part;
    }

    private ObjectNode state() {
        ObjectNode state = Json.object();
        state.put("quant_type", "nf4")
                .put("blocksize", BLOCK)
                .put("dtype", matrix.entry().type().torchName())
                .set("shape", Json.tree(matrix.entry().shape()));
        return state;
    }

    private byte[] codes(StoredMatrix.Piece piece) {
        byte[] codes = new byte[(piece.size() + 1) / 2];
        IntStream.range(0, (piece.size() + BLOCK - 1) / BLOCK)
                .parallel()
                .forEach(block -> encode(piece, block, largest[piece.group() + block], codes));
        return codes;
    }

    private static void encode(StoredMatrix.Piece piece, int block, float largest, byte[] codes) {
        int begin = block * BLOCK;
        int end = Math.min(piece.size(), begin + BLOCK);
        boolean whole = end - begin == BLOCK;
        float divisor = Math.max(largest, LEAST);
        float factor = 1 / divisor;
        for (int i = begin; i < end; i += 2) {
            int high = code(scaled(piece.values()[i], divisor, factor, whole));
            int low = code(i + 1 < end ? scaled(piece.values()[i + 1], divisor, factor, whole) : 0);
            codes[i / 2] = (byte) (high << NIBBLE | low);
        }
    }

    /** Divides as bitsandbytes does: values of a whole block are multiplied by the inverse, those of a shorter last block are divided. */
    private static float scaled(float value, float divisor, float factor, boolean whole) {
        float scaled = whole ? value * factor : value / divisor;
        return Math.max(-1, Math.min(1, scaled));
    }

    /** Returns the number of bounds below a value. */
    private static int code(float value) {
        int code = 0;
        for (int step = NF4.length / 2; step > 0; step /= 2) {
            if (BOUNDS[code + step - 1] < value) {
                code += step;
            }
        }
        return code;
    }
}
