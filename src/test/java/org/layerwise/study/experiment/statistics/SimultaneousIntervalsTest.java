package org.layerwise.study.experiment.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.uncertainty.Interval;

class SimultaneousIntervalsTest {

    private final Random random = new Random(5);

    private double[] normal(int seeds) {
        return random.doubles(seeds).map(any -> random.nextGaussian()).toArray();
    }

    private static double half(Interval interval) {
        return (interval.high() - interval.low()) / 2;
    }

    /** Returns the half-width in standard errors. */
    private static double errors(List<PairedDifference> family, int arm, double level) {
        return half(SimultaneousIntervals.of(family, 1).interval(arm, level))
                / family.get(arm).standardError();
    }

    @Test
    void oneArmHasTheIntervalOfStudent() {
        PairedDifference one = PairedDifference.ofSeeds(-0.03, -0.02, -0.01, 0, -0.02);
        Interval interval = SimultaneousIntervals.of(List.of(one), 3).interval(0, 0.95);
        assertThat(half(interval) / one.standardError()).isCloseTo(2.7764451052, within(1e-8));
        assertThat((interval.low() + interval.high()) / 2).isCloseTo(-0.016, within(1e-12));
    }

    /** Independent arms: 1 - (1 - 0.05)^(1/K) of each, by Šidák; SciPy: {@code t.isf(a / 2, 39)} for K = 6. */
    @Test
    void independentArmsHaveTheIntervalsOfSidak() {
        List<PairedDifference> family = IntStream.range(0, 6)
                .mapToObj(arm -> PairedDifference.ofSeeds(normal(40)))
                .toList();
        double alpha = 1 - Math.pow(0.95, 1 / 6.0);
        double sidak = StudentT.twoSidedQuantile(alpha, 39);
        for (int arm = 0; arm < 6; arm++) {
            assertThat(errors(family, arm, 0.95)).isBetween(0.96 * sidak, 1.02 * sidak);
        }
    }

    @Test
    void armsThatGoTogetherHaveNarrowerIntervals() {
        double[] shared = normal(40);
        List<PairedDifference> family = IntStream.range(0, 6)
                .mapToObj(arm -> {
                    double[] own = normal(40);
                    return PairedDifference.ofSeeds(IntStream.range(0, 40)
                            .mapToDouble(seed -> shared[seed] + 0.05 * own[seed])
                            .toArray());
                })
                .toList();
        double alone = StudentT.twoSidedQuantile(0.05, 39);
        assertThat(errors(family, 0, 0.95)).isBetween(alone, 1.17 * alone);
    }

    @Test
    void armsWithTheSameResultsAreOneComparison() {
        double[][] rows = IntStream.range(0, 6).mapToObj(seed -> normal(50)).toArray(double[][]::new);
        PairedDifference one = PairedDifference.ofSeedsAndRows(normal(6), rows);
        PairedDifference other = PairedDifference.ofSeedsAndRows(normal(6), rows);
        List<PairedDifference> distinct = List.of(one, other);
        List<PairedDifference> repeated = List.of(
                one,
                PairedDifference.ofSeedsAndRows(one.bySeed(), rows),
                other,
                other,
                PairedDifference.ofSeeds(0.0, 0.0));
        SimultaneousIntervals apart = SimultaneousIntervals.of(distinct, 1);
        SimultaneousIntervals together = SimultaneousIntervals.of(repeated, 1);
        assertThat(together.size()).isEqualTo(2);
        for (int arm = 0; arm < 4; arm++) {
            assertThat(together.interval(arm, 0.95)).isEqualTo(apart.interval(arm / 2, 0.95));
            assertThat(together.holm()[arm]).isEqualTo(apart.holm()[arm / 2]);
        }
        assertThat(together.interval(4, 0.95)).isNull();
        assertThat(together.holm()[4]).isNaN();
    }

    /** Accuracies of few rows can be equal by chance. */
    @Test
    void armsWithoutRowsAreComparisonsOfTheirOwn() {
        double[] values = normal(6);
        SimultaneousIntervals family = SimultaneousIntervals.of(
                List.of(PairedDifference.ofSeeds(values), PairedDifference.ofSeeds(values)), 1);
        assertThat(family.size()).isEqualTo(2);
    }

    @Test
    void higherLevelIsWiderAndTheSameSeedGivesTheSame() {
        List<PairedDifference> family =
                List.of(PairedDifference.ofSeeds(normal(5)), PairedDifference.ofSeeds(normal(5)));
        assertThat(errors(family, 0, 0.995)).isGreaterThan(errors(family, 0, 0.955));
        assertThat(SimultaneousIntervals.of(family, 1).interval(1, 0.95))
                .isEqualTo(SimultaneousIntervals.of(family, 1).interval(1, 0.95))
                .isNotEqualTo(SimultaneousIntervals.of(family, 2).interval(1, 0.95));
    }

    /** Rows as groups with many degrees of freedom make an interval narrower in standard errors than seeds do. */
    @Test
    void armsWithOtherDegreesOfFreedomHaveFactorsOfTheirOwn() {
        double[] effects = normal(400);
        double[][] rows = {effects, effects, effects};
        PairedDifference ofRows = PairedDifference.ofSeedsAndRows(new double[] {0.001, 0.002, 0.0015}, rows);
        PairedDifference ofSeeds = PairedDifference.ofSeedsAndRows(new double[] {1, 2, 3}, rows);
        assertThat(ofRows.degreesOfFreedom()).isGreaterThan(100);
        List<PairedDifference> family = List.of(ofRows, ofSeeds);
        assertThat(errors(family, 0, 0.95)).isLessThan(errors(family, 1, 0.95) / 1.5);
    }

    @Test
    void armsWithoutSpreadAreNotInTheFamily() {
        double[] values = normal(5);
        PairedDifference usual = PairedDifference.ofSeeds(values);
        SimultaneousIntervals with = SimultaneousIntervals.of(
                List.of(PairedDifference.ofSeeds(1, 1, 1, 1, 1), usual, PairedDifference.ofSeeds(nan(5))), 1);
        assertThat(with.size()).isEqualTo(1);
        assertThat(with.interval(0, 0.95)).isNull();
        assertThat(with.interval(2, 0.95)).isNull();
        assertThat(with.interval(1, 0.95))
                .isEqualTo(SimultaneousIntervals.of(List.of(usual), 1).interval(0, 0.95));
        assertThat(with.holm()[1]).isEqualTo(usual.p());
        assertThat(SimultaneousIntervals.of(List.of(), 1).size()).isZero();
    }

    @Test
    void armsMayLackSeeds() {
        double[] fewer = normal(6);
        fewer[2] = Double.NaN;
        List<PairedDifference> family = List.of(
                PairedDifference.ofSeeds(normal(6)),
                PairedDifference.ofSeeds(fewer),
                PairedDifference.ofSeeds(normal(6)));
        double wide = errors(family, 1, 0.95);
        assertThat(wide)
                .as("four degrees of freedom, not five")
                .isGreaterThan(errors(family, 0, 0.95))
                .isBetween(StudentT.twoSidedQuantile(0.05, 4), StudentT.twoSidedQuantile(0.05 / 4, 4));
    }

    private static double[] nan(int seeds) {
        double[] none = new double[seeds];
        Arrays.fill(none, Double.NaN);
        return none;
    }

    @Test
    void stoppingIsForArmsThatAreMuchWorse() {
        StoppingRule rule = new StoppingRule(12);
        assertThat(rule.look()).isEqualTo(6);
        PairedDifference worse = PairedDifference.ofSeeds(-1, -1.01, -0.99, -1.02, -1, -0.98);
        PairedDifference better = PairedDifference.ofSeeds(1, 1.01, 0.99, 1.02, 1, 0.98);
        PairedDifference unsure = PairedDifference.ofSeeds(-1, 0.5, 0.99, -1.02, -2, 0.98);
        List<PairedDifference> arms = List.of(unsure, worse, better);
        assertThat(rule.stopped(arms, false, 1)).containsExactly(1);
        assertThat(rule.stopped(arms, true, 1)).containsExactly(2);
    }

    @Test
    void lookIsAfterHalfOfTheSeedsAndThreeAtLeast() {
        assertThat(new StoppingRule(10).look()).isEqualTo(5);
        assertThat(new StoppingRule(5).look()).isEqualTo(3);
        assertThat(new StoppingRule(4).look()).isEqualTo(3);
        assertThat(new StoppingRule(4).applies()).isTrue();
        assertThat(new StoppingRule(3).applies()).isFalse();
    }
}
