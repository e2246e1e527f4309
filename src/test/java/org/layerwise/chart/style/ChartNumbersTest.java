package org.layerwise.chart.style;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartNumbersTest {

    @ParameterizedTest
    @CsvSource({
        "0.61728, 0.617",
        "0.05123, 0.0512",
        "1, 1.00",
        "0.9996, 1.00",
        "12345, 12345",
        "0, 0",
        "-0.5, -0.500",
        "1.4676733000587236e-14, 1.47e-14",
        "9.999e-5, 1.00e-4",
        "0.0001, 0.000100",
        "123.45, 123",
        "2e9, 2.00e9"
    })
    void showsThreeSignificantDigits(double value, String expected) {
        assertThat(ChartNumbers.three(value)).isEqualTo(expected);
    }
}
