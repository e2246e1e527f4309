package org.layerwise.model.quantization;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;

/**
 * Codes of 8 bits for numbers of very different sizes (Dettmers, arXiv 1511.04561), in which bitsandbytes stores the scales of double
 * quantisation: seven decades, and in each twice as many values as in the smaller one.
 *
 * @param values values of the codes, ascending
 */
record DynamicCodebook(List<Float> values) {

    /** Number of codes. */
    static final long COUNT = 256;

    private static final int DECADES = 7;
    private static final float LEAST = 0.1f;
    private static final float HALF = 0.5f;
    private static final int BINS = 1 << 16;
    /**
     * Packed numbers.
     *
     * @param codes a byte for each number
     * @param scales largest size in each block
     */
    record Packed(byte[] codes, float[] scales) {}

    /**
     * Returns the codes with the values that bitsandbytes computes with libtorch, whose rounding depends on the processor's
     * instructions.
     */
    static DynamicCodebook of(TensorEngine engine) {
        List<Float> values = new ArrayList<>(List.of(0f, 1f));
        for (int decade = 0; decade < DECADES; decade++) {
            int steps = 1 << decade;
            float factor = (float) Double.parseDouble("1e" + (decade - DECADES + 1));
            float[] bounds;
            try (Scope scope = engine.inference()) {
                bounds = engine.spaced(LEAST, 1, steps + 1).floats();
            }
            for (int i = 0; i < steps; i++) {
                float size = factor * ((bounds[i] + bounds[i + 1]) / 2);
                values.add(size);
                values.add(-size);
            }
        }
        Collections.sort(values);
        return new DynamicCodebook(values);
    }

    /** Returns the values of the codes, ascending. */
    float[] array() {
        float[] all = new float[values.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = values.get(i);
        }
        return all;
    }

    /**
     * Packs numbers as bitsandbytes does on a processor: it divides the range from -1 to 1 into bins, and all numbers of a bin have the
     * code that is nearest to one point of it.
     *
     * @param block number of numbers with one scale
     */
    Packed pack(float[] numbers, int block) {
        byte[] codeOfBin = codesOfBins();
        float[] scales = new float[(numbers.length + block - 1) / block];
        byte[] codes = new byte[numbers.length];
        for (int index = 0; index < scales.length; index++) {
            int end = Math.min(numbers.length, (index + 1) * block);
            for (int i = index * block; i < end; i++) {
                scales[index] = Math.max(scales[index], Math.abs(numbers[i]));
            }
            float factor = 1 / scales[index];
            for (int i = index * block; i < end; i++) {
                codes[i] = scales[index] == 0 ? 0 : codeOfBin[bin(numbers[i] * factor)];
            }
        }
        return new Packed(codes, scales);
    }

    private static int bin(float number) {
        float inside = Math.max(-1, Math.min(1, number));
        return (int) ((inside + 1) * HALF * (BINS - 1) + HALF);
    }

    private byte[] codesOfBins() {
        byte[] codes = new byte[BINS];
        int code = 0;
        for (int bin = 0; bin < BINS; bin++) {
            float number = -1 + 2f * bin / (BINS - 1);
            while (code < values.size() - 1 && HALF * (values.get(code) + values.get(code + 1)) < number) {
                code++;
            }
            codes[bin] = (byte) code;
        }
        return codes;
    }
}
