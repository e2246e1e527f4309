package org.layerwise.model.quantization;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.tensor.DType;

/**
 * Decodes the words of GPTQ and AWQ on the processor: some rows at a time, so that the words of one input, which lie side by side for all
 * outputs, are read in order and the rows stay in the processor's cache. The values are those of the operations on tensors, to
 * the bit.
 *
 * @param layout places of the codes in words
 * @param bits bits of a code: 4 or 8
 * @param in inputs of the map
 * @param out outputs of the map
 * @param group inputs of a group, if the parts name no groups
 * @param zeroOffset number to add to stored zeros
 * @param scales type of the stored scales
 */
record GroupwiseDequantizer(Layout layout, int bits, int in, int out, int group, int zeroOffset, DType scales)
        implements QuantizedTensor.HostDecoder {

    private static final int ROWS = 32;
    private static final int WORD_BITS = 32;

    /** Values between two rows of a tile, so that rows of a power of two do not share the places of the cache. */
    private static final int APART = 16;

    /** Places of the codes in words. */
    enum Layout {
        /** A word holds codes of consecutive inputs of one output, from its low bits. */
        GPTQ,
        /** A word holds codes of eight outputs of one input, in an order of their own. */
        AWQ
    }

    /**
     * Returns the decoder of a matrix.
     *
     * @return null if the matrix is too large for the arrays of Java
     */
    static @Nullable GroupwiseDequantizer of(
            Layout layout, int bits, long in, long out, long group, int zeroOffset, DType scales) {
        boolean fits = Math.max(Math.max(in, out), group) < 1 << 24 && in * out < 1L << 33;
        return fits
                ? new GroupwiseDequantizer(layout, bits, (int) in, (int) out, (int) group, zeroOffset, scales)
                : null;
    }

    /** Zeros and scales of all groups, {@code [groups, out]}, and the group of each input. */
    private record Groups(float[] zeros, float[] scales, int[] ofInput) {}

    @Override
    public void decode(List<ByteBuffer> parts, long from, ByteBuffer target, DType compute) {
        IntBuffer words = ordered(parts.get(0)).asIntBuffer();
        Groups groups = groups(parts);
        long to = from + target.remaining() / compute.bytes();
        int first = (int) (from / in) / ROWS;
        int last = (int) ((to - 1) / in) / ROWS;
        IntStream.rangeClosed(first, last).parallel().forEach(tile -> {
            int begin = tile * ROWS;
            int rows = Math.min(ROWS, out - begin);
            float[] values = new float[rows * (in + APART)];
            if (layout == Layout.GPTQ) {
                inputsInWords(words, begin, rows, groups, values);
            } else {
                outputsInWords(words, begin, rows, groups, values);
            }
            for (int row = 0; row < rows; row++) {
                long start = (long) (begin + row) * in;
                int left = (int) Math.max(0, from - start);
                int right = (int) Math.min(in, to - start);
                if (left < right) {
                    int at = target.position() + (int) (start + left - from) * compute.bytes();
                    write(values, row * (in + APART) + left, right - left, target, at, compute);
                }
            }
        });
    }

    private Groups groups(List<ByteBuffer> parts) {
        float[] scale = floats(parts.get(2));
        IntBuffer words = ordered(parts.get(1)).asIntBuffer();
        float[] zeros = new float[scale.length];
        int inWord = WORD_BITS / bits;
        int wordsOfGroup = (out + inWord - 1) / inWord;
        int mask = (1 << bits) - 1;
        for (int i = 0; i < zeros.length; i++) {
            int output = i % out;
            int word = words.get(i / out * wordsOfGroup + output / inWord);
            zeros[i] = (word >>> shift(output % inWord)) + zeroOffset & mask;
        }
        int[] ofInput = new int[in];
        if (parts.size() > 3) {
            ordered(parts.get(3)).asIntBuffer().get(ofInput);
        } else {
            for (int input = 0; input < in; input++) {
                ofInput[input] = input / group;
            }
        }
        return new Groups(zeros, scale, ofInput);
    }

    /** Returns the place of a code in a word, in bits. */
    private int shift(int index) {
        return layout == Layout.GPTQ ? index * bits : (index % 2 * 4 + index / 2) * bits;
    }

    private void inputsInWords(IntBuffer words, int begin, int rows, Groups groups, float[] values) {
        int inWord = WORD_BITS / bits;
        int mask = (1 << bits) - 1;
        int[] column = new int[rows];
        for (int first = 0; first < in; first += inWord) {
            words.get(first / inWord * out + begin, column);
            for (int row = 0; row < rows; row++) {
                int word = column[row];
                int at = row * (in + APART) + first;
                for (int k = 0; k < inWord; k++) {
                    int index = groups.ofInput[first + k] * out + begin + row;
                    values[at + k] = ((word >>> k * bits & mask) - groups.zeros[index]) * groups.scales[index];
                }
            }
        }
    }

    private void outputsInWords(IntBuffer words, int begin, int rows, Groups groups, float[] values) {
        int inWord = WORD_BITS / bits;
        int mask = (1 << bits) - 1;
        int[] line = new int[rows / inWord];
        for (int input = 0; input < in; input++) {
            words.get(input * (out / inWord) + begin / inWord, line);
            int index = groups.ofInput[input] * out + begin;
            for (int row = 0; row < rows; row++) {
                int code = line[row / inWord] >>> shift(row % inWord) & mask;
                values[row * (in + APART) + input] = (code - groups.zeros[index + row]) * groups.scales[index + row];
            }
        }
    }

    private static void write(float[] values, int from, int count, ByteBuffer target, int at, DType compute) {
        ByteBuffer own = target.slice(at, count * compute.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        if (compute == DType.F32) {
            own.asFloatBuffer().put(values, from, count);
            return;
        }
        short[] half = new short[count];
        for (int i = 0; i < count; i++) {
            half[i] = (short) BlockwiseDequantizer.bfloat16(values[from + i]);
        }
        own.asShortBuffer().put(half);
    }

    private float[] floats(ByteBuffer buffer) {
        float[] values = new float[buffer.remaining() / scales.bytes()];
        StoredMatrix.convert(ordered(buffer), scales, values, values.length);
        return values;
    }

    private static ByteBuffer ordered(ByteBuffer buffer) {
        return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
}
