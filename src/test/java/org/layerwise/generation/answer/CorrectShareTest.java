package org.layerwise.generation.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorrectShareTest {

    /** The bounds are the roots of {@code (p - x)^2 = z^2 x (1 - x) / n}, by which Wilson defines them. */
    @ParameterizedTest
    @CsvSource({"1, 10", "5, 10", "81, 263", "659, 1319", "999, 1000", "1, 1000000"})
    void boundsSolveWilsonsEquation(long count, long of) {
        CorrectShare share = new CorrectShare(count, of);
        double z = 1.959963984540054;
        assertThat(share.low()).isLessThan(share.value());
        assertThat(share.high()).isGreaterThan(share.value());
        for (double x : new double[] {share.low(), share.high()}) {
            assertThat(Math.pow(share.value() - x, 2)).isCloseTo(z * z * x * (1 - x) / of, within(1e-12));
        }
    }

    @Test
    void noneAndAllHaveOneOpenEnd() {
        assertThat(new CorrectShare(0, 10).low()).isZero();
        assertThat(new CorrectShare(0, 10).high()).isCloseTo(0.277533, within(1e-6));
        assertThat(new CorrectShare(10, 10).low()).isCloseTo(0.722467, within(1e-6));
        assertThat(new CorrectShare(10, 10).high()).isEqualTo(1);
    }

    @Test
    void moreThanAllIsRefused() {
        assertThatThrownBy(() -> new CorrectShare(3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CorrectShare(0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
