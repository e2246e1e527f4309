package org.layerwise.study.experiment.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JackknifeRowsTest {

    private static double mean(double[] values, int[] rows) {
        return Arrays.stream(rows).mapToDouble(row -> values[row]).average().orElse(Double.NaN);
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / (values.length - 1);
    }

    /** In the order of the draw. */
    @Test
    void pseudoValuesOfAMeanAreTheValues() {
        double[] values = {0, 1, 1, 0, 5};
        double[] pseudo = new JackknifeRows(5, 3).of(rows -> mean(values, rows));
        double[] sorted = pseudo.clone();
        Arrays.sort(sorted);
        assertThat(sorted).containsExactly(new double[] {0, 0, 1, 1, 5}, within(1e-12));
        assertThat(new JackknifeRows(5, 3).of(rows -> mean(values, rows))).isEqualTo(pseudo);
    }

    @Test
    void groupsOfManyRowsShowTheVarianceOfTheMean() {
        Random random = new Random(8);
        double[] values =
                random.doubles(5_003).map(any -> random.nextGaussian()).toArray();
        double[] pseudo = new JackknifeRows(values.length, 3).of(rows -> mean(values, rows));
        assertThat(pseudo).hasSize(JackknifeRows.MOST_GROUPS);
        // 199 degrees of freedom: a relative standard error of 10 %
        assertThat(variance(pseudo) / pseudo.length)
                .isCloseTo(variance(values) / values.length, within(0.3 / values.length));
    }

    /** Of a square of a mean the variance is 4·mean²·var/n, by the delta method. */
    @Test
    void metricsThatAreNoMeans() {
        Random random = new Random(9);
        double[] values =
                random.doubles(2_000).map(any -> 3 + random.nextGaussian()).toArray();
        double[] pseudo = new JackknifeRows(values.length, 3).of(rows -> Math.pow(mean(values, rows), 2));
        assertThat(variance(pseudo) / pseudo.length / (4 * 9.0 / values.length)).isCloseTo(1, within(0.3));
    }

    @Test
    void metricWithoutValueForSomeRowsHasNone() {
        double[] values = {1, 2, 3};
        assertThat(new JackknifeRows(3, 3).of(rows -> mean(values, rows) == 1.5 ? Double.NaN : mean(values, rows)))
                .isNull();
        assertThat(new JackknifeRows(1, 3).of(rows -> 1)).isNull();
    }
}
