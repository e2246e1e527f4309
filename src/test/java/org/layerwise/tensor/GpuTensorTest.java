package org.layerwise.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.testing.GpuDevice;
import org.layerwise.testing.GpuTest;

/** Operations on a GPU against the same on the processor. */
@GpuTest
class GpuTensorTest {

    private static final int SIZE = 192;

    private final TensorEngine engine = Engines.shared();
    private final Device gpu = GpuDevice.device();
    private final Random random = new Random(5);

    /** The tolerance is relative to the largest element: a sum of 192 products of numbers near 1. */
    @ParameterizedTest
    @CsvSource({"F64, 1e-13", "F32, 1e-5", "BF16, 0.02", "F16, 0.003"})
    void productsEqualThoseOfTheProcessor(DType type, double tolerance) {
        try (Scope scope = engine.inference()) {
            Tensor left = normal();
            Tensor right = normal();
            Tensor product = left.cast(type).to(gpu).matmul(right.cast(type).to(gpu));
            assertThat(product.device()).isEqualTo(gpu);
            double[] expected =
                    left.cast(DType.F64).matmul(right.cast(DType.F64)).doubles();
            double[] actual = product.to(Device.CPU).cast(DType.F64).doubles();
            double most = 0;
            for (double value : expected) {
                most = Math.max(most, Math.abs(value));
            }
            assertThat(actual).containsExactly(expected, within(type == DType.F64 ? 1e-4 : tolerance * most));
        }
    }

    @Test
    void gradientsEqualThoseOfTheProcessor() {
        float[] values = values();
        float[] weights = values();
        float[] onCpu = gradient(values, weights, Device.CPU);

        assertThat(gradient(values, weights, gpu)).containsExactly(onCpu, within(1e-4f));
    }

    private float[] gradient(float[] values, float[] weights, Device device) {
        try (Scope scope = engine.training()) {
            Tensor x = engine.of(values, SIZE, SIZE).to(device);
            Tensor w = engine.of(weights, SIZE, SIZE).to(device).detach().copy().requireGradient();
            x.linear(w, null).softmax(1).square().sum().backward();
            return w.gradient().to(Device.CPU).floats();
        }
    }

    @Test
    void memoryThatIsNotHeldIsFree() {
        OptionalLong free = engine.freeMemory(gpu);
        assumeTrue(free.isPresent(), "skipped: the device does not tell how much memory is free");
        int live = engine.liveTensors();
        long elements = free.getAsLong() / 4 / Float.BYTES;
        // ten times a quarter of what is free
        for (int i = 0; i < 10; i++) {
            try (Scope scope = engine.inference()) {
                Tensor large = engine.zeros(DType.F32, gpu, elements);
                assertThat(large.elements()).isEqualTo(elements);
            }
        }
        assertThat(engine.liveTensors()).isEqualTo(live);
    }

    /** A copy to a card is not awaited: the memory that it reads is used again only when it is done. */
    @Test
    void copiesInARowKeepTheirValues() {
        try (TensorOwner owner = engine.owner();
                Scope scope = engine.inference()) {
            List<Tensor> copies = new ArrayList<>();
            Tensor busy = engine.zeros(DType.F32, gpu, 2048, 2048);
            for (int copy = 0; copy < 100; copy++) {
                long[] values = new long[10_000 + copy];
                Arrays.fill(values, copy);
                try (Scope inner = engine.scope()) {
                    if (copy < 10) {
                        busy.matmul(busy); // keeps the card from copying at once
                    }
                    copies.add(owner.adopt(engine.of(values, values.length).to(gpu)));
                }
            }
            for (int copy = 0; copy < copies.size(); copy++) {
                assertThat(copies.get(copy).to(Device.CPU).longs()).containsOnly(copy);
            }
        }
    }

    @Test
    void viewsKeepTheirValues() {
        try (Scope scope = engine.inference()) {
            Tensor values = normal();
            assertThat(values.transpose().to(gpu).floats())
                    .isEqualTo(values.transpose().floats());
            Tensor row = values.slice(0, 0, 1).expand(3, SIZE);
            assertThat(row.to(gpu).floats()).isEqualTo(row.floats());
        }
    }

    @Test
    void theSameSeedDropsTheSame() {
        try (Scope scope = engine.inference()) {
            Tensor ones = normal().to(gpu);
            engine.seed(7);
            float[] first = ones.dropout(0.5).to(Device.CPU).floats();
            engine.seed(7);
            assertThat(ones.dropout(0.5).to(Device.CPU).floats()).isEqualTo(first);
        }
    }

    private Tensor normal() {
        return engine.of(values(), SIZE, SIZE);
    }

    private float[] values() {
        float[] values = new float[SIZE * SIZE];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
