package org.layerwise.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All 256 values of each 8-bit float, by the formulas of the OCP specifications. */
class Float8Test {

    private static final int BYTES = 256;

    private final TensorEngine engine = Engines.shared();

    @ParameterizedTest
    @CsvSource({"F8_E4M3, 4, 3", "F8_E5M2, 5, 2"})
    void signExponentAndFraction(DType encoding, int exponentBits, int fractionBits) {
        float[] values = values(encoding);

        int bias = (1 << (exponentBits - 1)) - 1;
        for (int code = 0; code < BYTES; code++) {
            int fraction = code & ((1 << fractionBits) - 1);
            int exponent = (code >> fractionBits) & ((1 << exponentBits) - 1);
            boolean last = exponent == (1 << exponentBits) - 1;
            double share = fraction / (double) (1 << fractionBits);
            double magnitude = exponent == 0 ? Math.scalb(share, 1 - bias) : Math.scalb(1 + share, exponent - bias);
            if (last && exponentBits == 5) {
                magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            } else if (last && fraction == (1 << fractionBits) - 1) {
                magnitude = Double.NaN;
            }
            float expected = (float) (code < BYTES / 2 ? magnitude : -magnitude);
            assertThat(values[code]).as("code %s", code).isEqualTo(Float.valueOf(expected));
        }
    }

    @ParameterizedTest
    @CsvSource("F8_E8M0")
    void powersOfTwo(DType encoding) {
        float[] values = values(encoding);

        for (int code = 0; code < BYTES - 1; code++) {
            assertThat(values[code]).as("code %s", code).isEqualTo(Math.scalb(1f, code - 127));
        }
        assertThat(values[BYTES - 1]).isNaN();
    }

    private float[] values(DType encoding) {
        ByteBuffer codes = ByteBuffer.allocateDirect(BYTES);
        for (int code = 0; code < BYTES; code++) {
            codes.put(code, (byte) code);
        }
        try (Scope scope = engine.inference()) {
            return engine.ofBytes(codes, DType.U8, Engines.device(), BYTES)
                    .float8(encoding)
                    .floats();
        }
    }
}
