package org.layerwise.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AttentionKernelTest {

    private static final int HEADS = 2;
    private static final int SIZE = 16;

    private enum Seen {
        ALL,
        CAUSAL,
        MASKED
    }

    private static final TensorEngine ENGINE = Engines.shared();

    static Stream<Arguments> cases() {
        return Stream.of(Seen.values())
                .flatMap(seen -> Stream.of(17, 256, 257).map(length -> Arguments.of(seen, length)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bothKernelsGiveTheValuesAndGradientsOfFloat64(Seen seen, int length) {
        try (Scope scope = ENGINE.training()) {
            List<double[]> exact = results(seen, length, DType.F64);
            List<double[]> half = results(seen, length, DType.BF16);
            for (int i = 0; i < exact.size(); i++) {
                double largest = 0;
                double off = 0;
                for (int at = 0; at < exact.get(i).length; at++) {
                    largest = Math.max(largest, Math.abs(exact.get(i)[at]));
                    off = Math.max(off, Math.abs(exact.get(i)[at] - half.get(i)[at]));
                }
                // bfloat16 has 8 binary digits
                assertThat(off / largest).as("result %s", i).isLessThan(0.02);
            }
        }
    }

    @Test
    void onlyShortRowsInBfloat16OnAProcessorAreComputedByProducts() {
        assertThat(AttentionKernel.of(DType.BF16, Device.CPU, 256)).isEqualTo(AttentionKernel.PRODUCTS);
        assertThat(AttentionKernel.of(DType.BF16, Device.CPU, 257)).isEqualTo(AttentionKernel.FUSED);
        assertThat(AttentionKernel.of(DType.F32, Device.CPU, 256)).isEqualTo(AttentionKernel.FUSED);
        assertThat(AttentionKernel.of(DType.BF16, Device.cuda(0), 256)).isEqualTo(AttentionKernel.FUSED);
    }

    @Test
    void aBoolMaskTellsWhereToAttend() {
        try (Scope scope = ENGINE.inference()) {
            Tensor heads = ENGINE.of(new Random(1).doubles(4 * SIZE, -1, 1).toArray(), 1, 1, 4, SIZE)
                    .cast(DType.BF16);
            Tensor seen = ENGINE.of(new double[] {1, 1, 1, 0}, 1, 1, 1, 4);
            Tensor added = ENGINE.of(new double[] {0, 0, 0, -1e30}, 1, 1, 1, 4).cast(DType.BF16);
            assertThat(heads.attention(heads, heads, seen.greaterThan(0.5), 0, 1)
                            .doubles())
                    .containsExactly(heads.attention(heads, heads, added, 0, 1).doubles(), within(0.01));
        }
    }

    /** Returns the output, and the gradients of queries, keys and values. */
    private static List<double[]> results(Seen seen, int length, DType type) {
        Random random = new Random(1);
        List<Tensor> inputs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            double[] values =
                    random.doubles((long) HEADS * length * SIZE, -1, 1).toArray();
            // the values that bfloat16 has, so that only the computation rounds
            Tensor rounded =
                    ENGINE.of(values, 1, HEADS, length, SIZE).cast(DType.BF16).cast(type);
            inputs.add(rounded.detach().requireGradient());
        }
        double[] weights = random.doubles((long) HEADS * length * SIZE, -1, 1).toArray();
        Tensor output = output(inputs.get(0), inputs.get(1), inputs.get(2), seen, length);
        output.backward(
                ENGINE.of(weights, 1, HEADS, length, SIZE).cast(DType.BF16).cast(type));
        return Stream.concat(Stream.of(output), inputs.stream().map(Tensor::gradient))
                .map(Tensor::doubles)
                .toList();
    }

    private static Tensor output(Tensor queries, Tensor keys, Tensor values, Seen seen, int length) {
        double scale = 1 / Math.sqrt(SIZE);
        return switch (seen) {
            case ALL -> queries.attention(keys, values, null, 0, scale);
            case CAUSAL -> queries.causalAttention(keys, values, 0, scale);
            case MASKED -> {
                double[] mask = new double[length];
                mask[length - 1] = -1e30;
                yield queries.attention(
                        keys, values, ENGINE.of(mask, 1, 1, 1, length).cast(queries.dtype()), 0, scale);
            }
        };
    }
}
