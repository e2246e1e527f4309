package org.layerwise.study.experiment.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RanksTest {

    /** SciPy: {@code rankdata([.1, .3, .3, .2])} is 1, 3.5, 3.5, 2, and of the negatives 4, 1.5, 1.5, 3. */
    @Test
    void equalValuesShareTheMeanOfTheirRanks() {
        double[][] values = {{0.1, 5}, {0.3, 6}, {0.3, 7}, {0.2, 8}};
        assertThat(Ranks.of(values, true)).isDeepEqualTo(new double[][] {{1, 1}, {3.5, 2}, {3.5, 3}, {2, 4}});
        assertThat(Ranks.of(values, false)).isDeepEqualTo(new double[][] {{4, 4}, {1.5, 3}, {1.5, 2}, {3, 1}});
    }
}
