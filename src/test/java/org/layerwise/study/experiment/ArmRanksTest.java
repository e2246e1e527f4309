package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.layerwise.study.experiment.outcome.ArmOutcome;
import org.layerwise.study.experiment.outcome.ArmRanks;

class ArmRanksTest {

    @Test
    void ranksAreWithinSeedsAndTheBestArmIsFirst() {
        Map<Arm, double[]> arms = new LinkedHashMap<>();
        arms.put(Arm.ALL, new double[] {0.8, 0.7, 0.9, 0.8});
        arms.put(Arm.LAST, new double[] {0.9, 0.8, 0.85, 0.9});
        arms.put(Arm.RANDOM, new double[] {0.7, 0.7, 0.6, 0.7});
        ArmRanks ranks = ArmRanks.of(ExperimentSamples.result(arms).outcome()).orElseThrow();

        assertThat(ranks.without()).isEmpty();
        assertThat(ranks.arms()).extracting(ranked -> ranked.arm().id()).containsExactly("last", "all", "random");
        ArmRanks.Ranked last = ranks.arms().get(0);
        assertThat(last.bySeed()).containsExactly(1.0, 1.0, 2.0, 1.0);
        assertThat(last.mean()).isEqualTo(1.25);
        // t with three degrees of freedom, 3.1824, times 0.5 / 2, cut at the best rank
        assertThat(last.interval().low()).isEqualTo(1);
        assertThat(last.interval().high()).isCloseTo(1.25 + 3.182446305284264 * 0.25, within(1e-9));
        assertThat(ranks.arms().get(1).bySeed()).containsExactly(2.0, 2.5, 1.0, 2.0);
    }

    @Test
    void armsThatLackSeedsAreNotRanked() {
        Map<Arm, double[]> arms = new LinkedHashMap<>();
        arms.put(Arm.ALL, new double[] {0.8, 0.7});
        arms.put(Arm.LAST, new double[] {0.9});
        arms.put(Arm.RANDOM, new double[] {0.7, 0.6});
        ArmRanks ranks = ArmRanks.of(ExperimentSamples.result(arms).outcome()).orElseThrow();

        assertThat(ranks.without()).extracting(ArmOutcome::id).containsExactly("last");
        assertThat(ranks.arms()).hasSize(2);
        assertThat(ranks.arms().get(0).interval()).as("always first").isNull();
    }

    @Test
    void oneSeedOrAValueThatIsNoNumberHasNoRanks() {
        assertThat(ArmRanks.of(ExperimentSamples.result(Map.of(Arm.ALL, new double[] {1}, Arm.LAST, new double[] {0}))
                        .outcome()))
                .isEmpty();
        assertThat(ArmRanks.of(ExperimentSamples.result(
                                Map.of(Arm.ALL, new double[] {1, Double.NaN}, Arm.LAST, new double[] {0, 1}))
                        .outcome()))
                .isEmpty();
    }
}
