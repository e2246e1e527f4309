package org.layerwise.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankedRowsTest {

    @Test
    void ranksOfADrawAreThoseOfItsValues() {
        Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            int count = 1 + random.nextInt(30);
            double[] values = IntStream.range(0, count)
                    .mapToDouble(row -> (random.nextInt(9) - 4) * (random.nextBoolean() ? 0.5 : -0.25))
                    .toArray();
            int[] rows = random.ints(count, 0, count).toArray();
            double[] drawn = Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();

            assertThat(new RankedRows(values).ranks(rows)).containsExactly(byDefinition(drawn));
        }
    }

    /** One more than the smaller values, and half of the other equal ones. */
    private static double[] byDefinition(double[] values) {
        return Arrays.stream(values)
                .map(value -> Arrays.stream(values)
                                .filter(other -> other < value)
                                .count()
                        + (Arrays.stream(values).filter(other -> other == value).count() + 1) / 2.0)
                .toArray();
    }

    @Test
    void bothZerosAreOneValue() {
        assertThat(new RankedRows(new double[] {0.0, -0.0, 1}).ranks(new int[] {0, 1, 2}))
                .containsExactly(1.5, 1.5, 3);
    }
}
