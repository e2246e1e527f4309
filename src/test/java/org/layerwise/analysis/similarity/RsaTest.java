package org.layerwise.analysis.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Engines;

class RsaTest {

    private final Random random = new Random(5);

    private static double rsa(double[][] x, double[][] y) {
        return new Rsa(Engines.shared())
                .allPairs(Layers.of(x, y), Engines.device(), Progress.none(), partial -> {})
                .value(0, 1)
                .orElseThrow();
    }

    private static double[] scaled(double[] row, double factor) {
        return Arrays.stream(row).map(value -> factor * value).toArray();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1 << 10, 1 << 14, 1 << 17, 1 << 20})
    void oneLongVectorMakesNoTiesOfOtherDistances(double factor) {
        double[][] x = Layers.normal(random, 80, 8);
        double[][] y = Layers.normal(random, 80, 8);
        for (int i = 0; i < 80; i++) {
            for (int j = 0; j < 8; j++) {
                y[i][j] += x[i][j];
            }
        }
        x[3] = scaled(x[3], factor);
        y[3] = scaled(y[3], factor);
        // a vector this long moves the mean, so that the distances of the others are rounded more
        assertThat(rsa(x, y)).isCloseTo(PlainKernels.rsa(x, y), within(factor < 1 << 15 ? 1e-9 : 2e-6));
    }

    @Test
    void copiesOfARowAreTiesBesideALongVector() {
        // rows 0 to 19 occur twice, so that each distance to them does
        double[][] x = Layers.normal(random, 60, 5);
        for (int i = 0; i < 20; i++) {
            x[20 + i] = x[i].clone();
        }
        x[50] = scaled(x[50], 1 << 12);
        double[][] y = Layers.normal(random, 60, 5);
        assertThat(rsa(x, y)).isCloseTo(PlainKernels.rsa(x, y), within(1e-9));
    }

    @Test
    void manyCloseValuesFormSeveralGroups() {
        double[] values = new double[1000];
        Arrays.setAll(values, i -> 1 + i * 0.9e-13);
        assertThat(Arrays.stream(SpearmanRanks.centred(values, 1e-13, 1))
                        .distinct()
                        .count())
                .isBetween(200L, 400L);
    }
}
