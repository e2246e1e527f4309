package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupingTest {

    @ParameterizedTest
    @CsvSource({
        "10, 3, 1, 4",
        "10, 3, 2, 2",
        "9, 3, 1, 3",
        "10, 2147483647, 1, 1",
        "10, 2147483647, 2147483647, 1",
        "2147483647, 1, 1, 2147483647"
    })
    void stepsAreRoundedUp(int allRows, int rows, int accumulate, int steps) {
        assertThat(new TrainerSettings.Grouping(rows, accumulate, false).stepsPerEpoch(allRows))
                .isEqualTo(steps);
    }
}
