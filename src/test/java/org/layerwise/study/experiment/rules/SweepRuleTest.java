package org.layerwise.study.experiment.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** After which steps learning rates are compared, and how many go on. */
class SweepRuleTest {

    @Test
    void ratesAreComparedAfterAQuarterAHalfAndAllSteps() {
        assertThat(SweepRule.HALVING.rungs(32, 4)).containsExactly(8, 16, 32);
        assertThat(SweepRule.HALVING.rungs(33, 4)).containsExactly(9, 18, 33);
        assertThat(SweepRule.HALVING.rungs(3, 4)).containsExactly(1, 2, 3);
        assertThat(SweepRule.HALVING.rungs(2, 4)).containsExactly(1, 2);
        assertThat(SweepRule.HALVING.rungs(1, 4)).containsExactly(1);
        assertThat(SweepRule.HALVING.rungs(32, 2))
                .as("of two, both reach the end")
                .containsExactly(32);
        assertThat(SweepRule.FULL.rungs(32, 4)).containsExactly(32);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 2", "4, 2", "5, 3", "8, 4", "9, 5"})
    void theBetterHalfGoesOnAndNeverOneAlone(int runs, int survivors) {
        assertThat(SweepRule.survivors(runs)).isEqualTo(survivors);
    }

    @Test
    void startsAreThoseOfAllComparisons() {
        assertThat(SweepRule.HALVING.starts(32, 8)).isEqualTo(8 + 4 + 2);
        assertThat(SweepRule.HALVING.starts(32, 3)).isEqualTo(3 + 2 + 2);
        assertThat(SweepRule.HALVING.starts(32, 2)).isEqualTo(2);
        assertThat(SweepRule.FULL.starts(32, 8)).isEqualTo(8);
    }

    @Test
    void theWorkOfASweepIsThatOfItsSteps() {
        assertThat(SweepRule.HALVING.trainings(32, 4)).isEqualTo(4 * 0.25 + 2 * 0.25 + 2 * 0.5);
        assertThat(SweepRule.HALVING.trainings(32, 3)).isEqualTo(3 * 0.25 + 2 * 0.75);
        assertThat(SweepRule.FULL.trainings(32, 4)).isEqualTo(4);
        assertThat(SweepRule.FULL.trainings(32, 1)).isZero();
    }
}
