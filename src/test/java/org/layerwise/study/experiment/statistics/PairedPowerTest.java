package org.layerwise.study.experiment.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Power against SciPy 1.16: {@code nct.sf(c, df, shift) + nct.cdf(-c, df, shift)}, and for the smallest differences and
 * the rows an integral by {@code scipy.integrate.quad} over the chi distribution, which agrees with it to 1e-12.
 */
class PairedPowerTest {

    private static DifferenceSpread spread(double seeds) {
        return new DifferenceSpread(seeds, 4, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "2.776, 1.5, 4, 0.21341461181166899",
        "6.2, 3, 4, 0.10868376084786091",
        "2.1, 0, 2.5, 0.14450244475484378",
        "1.96, 2.8, 1000, 0.7994582511662389",
        "12.7, 5, 1, 0.305300822481578",
        "3.5, 6, 9, 0.9763526371706",
        "0.5, 0.3, 1.3, 0.7005249139502924"
    })
    void noncentralTIsThatOfScipy(double value, double shift, double degrees, double expected) {
        assertThat(StudentT.noncentralBeyond(value, shift, degrees)).isCloseTo(expected, within(1e-7));
    }

    @ParameterizedTest
    @CsvSource({
        "0.05, 4, 2.7764451051977943",
        "0.00035714285714285714, 4, 11.237792546415632",
        "0.05, 1, 12.706204736174705",
        "0.05, 7.3, 2.3450667365477034",
        "1e-6, 9, 11.636782027328891"
    })
    void quantilesAreThoseOfScipy(double alpha, double degrees, double expected) {
        assertThat(StudentT.twoSidedQuantile(alpha, degrees)).isCloseTo(expected, within(1e-6));
        assertThat(StudentT.twoSidedP(expected, degrees)).isCloseTo(alpha, within(alpha * 1e-8));
    }

    /** The first line is R's {@code power.t.test(n = 10, delta = 1, sd = 1, type = "paired")}: 0.8031. */
    @Test
    void powerOfPairedTests() {
        assertThat(PairedPower.usual(1).of(spread(1), 10, 1, 1)).isCloseTo(0.8030968566, within(1e-8));
        assertThat(PairedPower.usual(14).of(spread(1), 5, 1, 2)).isCloseTo(0.3024511455, within(1e-8));
        assertThat(PairedPower.usual(1).of(spread(1), 20, 1, 0.5)).isCloseTo(0.5645044184, within(1e-8));
        assertThat(PairedPower.usual(1).of(spread(1), 20, 1, -0.5)).isCloseTo(0.5645044184, within(1e-8));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 10", "1, 1, 14, 19", "0.6, 1, 5, 8", "2, 0.5, 1, 128"})
    void seedsThatADifferenceNeeds(double sd, double difference, int comparisons, int seeds) {
        PairedPower power = PairedPower.usual(comparisons);
        assertThat(power.seeds(spread(sd), 1, difference)).hasValue(seeds);
        assertThat(power.of(spread(sd), seeds, 1, difference)).isGreaterThanOrEqualTo(0.8);
        assertThat(power.of(spread(sd), seeds - 1, 1, difference)).isLessThan(0.8);
    }

    @Test
    void smallestDifferenceThatIsSeen() {
        assertThat(PairedPower.usual(1).smallestDifference(spread(1), 10, 1)).isCloseTo(0.9960013715, within(1e-7));
        assertThat(PairedPower.usual(14).smallestDifference(spread(0.01), 5, 1)).isCloseTo(0.0344370952, within(1e-8));
        assertThat(new PairedPower(7, 0.955, 0.8).smallestDifference(spread(1), 6, 1))
                .isCloseTo(2.3273746214, within(1e-7));
        assertThat(PairedPower.usual(3).smallestDifference(spread(0), 6, 1)).isZero();
    }

    @Test
    void rowsCountBesideSeeds() {
        DifferenceSpread both = spread(0.01).withRows(0.3);
        PairedPower power = PairedPower.usual(3);
        assertThat(power.of(both, 6, 500, 0.03)).isCloseTo(0.3977589976, within(1e-8));
        assertThat(power.of(both, 6, 1000, 0.03)).isCloseTo(0.6880802541, within(1e-8));
        assertThat(power.of(both, 6, 2000, 0.03)).isCloseTo(0.9108029138, within(1e-8));

        int rows = power.rows(both, 6, 0.03).orElseThrow();
        assertThat(rows).isBetween(1001, 1999);
        assertThat(power.of(both, 6, rows, 0.03)).isGreaterThanOrEqualTo(0.8);
        assertThat(power.of(both, 6, rows - 1, 0.03)).isLessThan(0.8);
        assertThat(power.seeds(both, 500, 0.01))
                .as("more seeds do not help where the rows are too few")
                .isEmpty();
        assertThat(power.rows(spread(1), 6, 0.01))
                .as("more rows do not help where the seeds are too few")
                .isEmpty();
    }

    /** Rows alone: the normal test of two proportions on the same rows, n = (z + z)² v / D². */
    @Test
    void rowsAloneAreANormalTest() {
        DifferenceSpread rows = new DifferenceSpread(0, 4, Math.sqrt(0.1));
        double z = 1.959963985 + 0.8416212336;
        int expected = (int) Math.ceil(z * z * 0.1 / (0.02 * 0.02));
        assertThat(PairedPower.usual(1).rows(rows, 3, 0.02).orElseThrow()).isBetween(expected - 1, expected);
    }

    /** Quantiles of chi-squared by SciPy: 0.4462871 with 2 and 1.6487766 with 4 degrees of freedom at 0.2. */
    @Test
    void pilotOfFewSeedsIsNotTrusted() {
        assertThat(new DifferenceSpread(1, 4, 0.5).upper(0.8).seeds())
                .isCloseTo(Math.sqrt(4 / 1.648776618065969), within(1e-8));
        assertThat(new DifferenceSpread(1, 2, 0.5).upper(0.8))
                .isEqualTo(new DifferenceSpread(
                        new DifferenceSpread(1, 2, 0).upper(0.8).seeds(), 2, 0.5));

        DifferenceSpread pooled = DifferenceSpread.of(List.of(List.of(1.0, 3.0), List.of(0.0, 0.0, 6.0), List.of(9.0)));
        assertThat(pooled.seeds()).isCloseTo(Math.sqrt((2 + 24) / 3.0), within(1e-12));
        assertThat(pooled.degreesOfFreedom()).isEqualTo(2);
        assertThatThrownBy(() -> DifferenceSpread.of(List.of(List.of(1.0))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void meaninglessNumbersAreRefused() {
        assertThatThrownBy(() -> new PairedPower(0, 0.95, 0.8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PairedPower(1, 0.95, 0.04)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PairedPower.usual(1).of(spread(1), 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> spread(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
