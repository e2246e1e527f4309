package org.layerwise.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Products by oneDNN have the values and the gradients of libtorch's own, and are chosen for a kind of processor alone. */
class OneDnnLinearTest {

    private final TensorEngine engine = Engines.shared();

    private Tensor random(int seed, long... shape) {
        int count = 1;
        for (long size : shape) {
            count *= (int) size;
        }
        float[] values = new float[count];
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return engine.of(values, shape);
    }

    private record Computed(float[] output, List<float[]> gradients) {}

    private Computed computed(boolean oneDnn, boolean turned) {
        try (Scope scope = engine.training()) {
            Tensor x = random(1, 2, 20, 48).requireGradient(); // fewer rows than those for which oneDNN is chosen
            Tensor stored = (turned ? random(2, 48, 24) : random(2, 24, 48)).requireGradient();
            Tensor bias = random(3, 24).requireGradient();
            Tensor weight = turned ? stored.transpose() : stored;
            Tensor output = oneDnn ? x.linearByOneDnn(weight, bias) : x.linear(weight, bias);
            Tensor without = oneDnn ? x.linearByOneDnn(weight, null) : x.linear(weight, null);
            output.mul(without).sum().backward();
            return new Computed(
                    output.floats(),
                    List.of(
                            x.gradient().floats(),
                            stored.gradient().floats(),
                            bias.gradient().floats()));
        }
    }

    @Test
    void valuesAndGradients() {
        assumeTrue(engine.packs(Device.CPU, DType.F32), "libtorch has no oneDNN on this processor");
        int liveBefore = engine.liveTensors();
        for (boolean turned : new boolean[] {false, true}) {
            Computed expected = computed(false, turned);
            Computed actual = computed(true, turned);
            assertThat(actual.output()).containsExactly(expected.output(), within(1e-4f));
            for (int i = 0; i < 3; i++) {
                assertThat(actual.gradients().get(i))
                        .containsExactly(expected.gradients().get(i), within(2e-3f));
            }
        }
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @Test
    void manyRowsInFloatOnly() {
        assertThat(LinearKernel.of(DType.F32, Device.CPU, 256)).isEqualTo(LinearKernel.ONE_DNN);
        assertThat(LinearKernel.of(DType.F32, Device.CPU, 255)).isEqualTo(LinearKernel.PLAIN);
        assertThat(LinearKernel.of(DType.BF16, Device.CPU, 256)).isEqualTo(LinearKernel.PLAIN);
        assertThat(LinearKernel.of(DType.F32, Device.cuda(0), 256)).isEqualTo(LinearKernel.PLAIN);
    }

    @Test
    void onOneKindOfProcessor(@TempDir Path folder) throws IOException {
        Path info = folder.resolve("proc/cpuinfo");
        Files.createDirectories(info.getParent());
        String zen5 = "vendor_id\t: AuthenticAMD\ncpu family\t: 26\nflags\t\t: fpu avx512f\n";
        for (String other : List.of(
                zen5.replace("AuthenticAMD", "GenuineIntel"),
                zen5.replace("26", "25"),
                zen5.replace("512f", "2"),
                "")) {
            Files.writeString(info, other);
            assertThat(new Processor(folder).isFastInOneDnn()).as(other).isFalse();
        }
        Files.writeString(info, zen5);
        assertThat(new Processor(folder).isFastInOneDnn()).isTrue();
    }
}
