package org.layerwise.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {

    /** As CPython 3 prints them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "5.684341886080802e-14", // 2 to the power of -44: the nearest number of 16 digits reads back
                // differently
                "1.4676733000587236e-14",
                "0.773671567440033",
                "1.0",
                "0.0",
                "-0.0",
                "1e+16",
                "1.2345678901234568e+17",
                "0.0001",
                "1e-05",
                "9.5e-05",
                "5e-324",
                "1.7976931348623157e+308",
                "1.5e-323",
                "1e+22",
                "1e+23",
                "0.1",
                "0.002",
                "9007199254740992.0",
                "1000000000000000.0",
                "-1.5",
                "1.152921504606847e+18",
                "2.2250738585072014e-308"
            })
    void spellsANumberAsPythonDoes(String python) {
        assertThat(Decimals.shortest(Double.parseDouble(python))).isEqualTo(python);
    }

    @Test
    void everyNumberReadsBack() {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertThat(Double.parseDouble(Decimals.shortest(value))).isEqualTo(value);
            }
        }
    }

    @Test
    void refusesWhatHasNoDigits() {
        assertThatThrownBy(() -> Decimals.shortest(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
