package org.layerwise.model.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;

/** Rounding to float16 is that of libtorch. */
class Float16RoundingTest {

    private final TensorEngine engine = Engines.shared();

    @Test
    void roundsAsLibtorch() {
        Random random = new Random(1);
        float[] values = new float[200_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(random.nextInt());
            if (i % 2 == 0) {
                values[i] = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(45) - 28));
            }
            if (Float.isNaN(values[i])) {
                values[i] = 65_504 + i % 40;
            }
        }
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = Float16Rounding.round(values[i]);
        }
        try (Scope scope = engine.inference()) {
            assertThat(rounded)
                    .isEqualTo(engine.of(values, values.length)
                            .cast(DType.F16)
                            .cast(DType.F32)
                            .floats());
        }
    }
}
