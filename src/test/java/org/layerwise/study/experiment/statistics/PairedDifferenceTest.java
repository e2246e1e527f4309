package org.layerwise.study.experiment.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.uncertainty.Interval;

class PairedDifferenceTest {

    /** SciPy 1.16, {@code ttest_rel([.81, .83, .79, .85, .8], [.84, .85, .8, .85, .82])}. */
    @Test
    void overSeedsItIsThePairedTTest() {
        PairedDifference difference = PairedDifference.ofSeeds(-0.03, -0.02, -0.01, 0, -0.02);

        assertThat(difference.mean()).isCloseTo(-0.016, within(1e-15));
        assertThat(difference.degreesOfFreedom()).isEqualTo(4);
        assertThat(difference.p()).isCloseTo(0.03491970667453895, within(1e-12));
        Interval interval = difference.interval(0.95);
        assertThat(interval.low()).isCloseTo(-0.030157147769822652, within(1e-9));
        assertThat(interval.high()).isCloseTo(-0.0018428522301772877, within(1e-9));
        assertThat(difference.coverage()).isEqualTo(Coverage.SEEDS);
        assertThat(difference.spread(1).seeds()).isCloseTo(Math.sqrt(0.00052 / 4), within(1e-12));
    }

    /** Two-way random effects in NumPy float64, with {@code var(ddof=1)} of the means and the residuals. */
    @Test
    void seedsAndRowsAreCrossed() {
        double[][] rows = {{0, 1, 0, -1, 1}, {0, 1, 1, -1, 0}, {1, 0, 0, 0, 1}};
        PairedDifference difference = PairedDifference.ofSeedsAndRows(new double[] {0.2, 0.2, 0.4}, rows);

        assertThat(difference.mean()).isCloseTo(0.26666666666666666, within(1e-12));
        // 0.0044 by the means of three seeds, less than the residual variance alone explains
        assertThat(difference.varianceOfSeeds()).isCloseTo(0.026666666666666665, within(1e-12));
        assertThat(difference.varianceOfRows()).isCloseTo(0.03333333333333333, within(1e-12));
        assertThat(difference.standardError()).isCloseTo(0.2449489742783178, within(1e-12));
        assertThat(difference.degreesOfFreedom()).isCloseTo(5.684210526315789, within(1e-10));
        assertThat(difference.p()).isCloseTo(0.32029242179208667, within(1e-10));
        assertThat(difference.coverage()).isEqualTo(Coverage.SEEDS_AND_ROWS);
        assertThat(difference.spread(5).rows()).isCloseTo(Math.sqrt(0.03333333333333333 * 5), within(1e-12));

        double[][] withMissing = {rows[0], {9, 9, 9, 9, 9}, rows[1], rows[2]};
        double[] apart = {0.2, 0.2, 1.4};
        assertThat(PairedDifference.ofSeedsAndRows(apart, rows).varianceOfSeeds())
                .isCloseTo(0.48 / 3, within(1e-12));
        PairedDifference missing =
                PairedDifference.ofSeedsAndRows(new double[] {0.2, Double.NaN, 0.2, 0.4}, withMissing);
        assertThat(missing.seeds()).isEqualTo(3);
        assertThat(missing.standardError()).isEqualTo(difference.standardError());
        assertThat(missing.p()).isEqualTo(difference.p());
    }

    /** Rows whose differences are only noise of single seeds add nothing to what the seeds show. */
    @Test
    void noiseOfSeedsIsNotCountedTwice() {
        double[][] rows = {{1, -1, 1, -1}, {-1, 1, -1, 1}};
        PairedDifference difference = PairedDifference.ofSeedsAndRows(new double[] {0, 0.5}, rows);
        assertThat(difference.varianceOfRows()).isZero();
        assertThat(difference.degreesOfFreedom()).isEqualTo(1);
    }

    @Test
    void oneSeedCoversRowsOnly() {
        PairedDifference rows = PairedDifference.ofSeedsAndRows(new double[] {0.25}, new double[][] {{1, 0, 0, 0}});
        assertThat(rows.coverage()).isEqualTo(Coverage.ROWS);
        assertThat(rows.coverage().seeds()).isFalse();
        assertThat(rows.standardError()).isCloseTo(0.25, within(1e-12)); // standard deviation 0.5, 4 rows
        assertThat(rows.degreesOfFreedom()).isEqualTo(3);
        assertThat(rows.spread(4)).isNull();

        PairedDifference alone = PairedDifference.ofSeeds(0.25, Double.NaN);
        assertThat(alone.mean()).isEqualTo(0.25);
        assertThat(alone.hasInterval()).isFalse();
        assertThat(alone.interval(0.95)).isNull();
        assertThat(alone.p()).isNaN();
    }

    @Test
    void withoutSpreadOrValueThereIsNoInterval() {
        for (PairedDifference none : List.of(
                PairedDifference.ofSeeds(0.1, 0.1, 0.1),
                PairedDifference.ofSeeds(),
                PairedDifference.ofSeeds(Double.NaN),
                PairedDifference.ofSeeds(Double.POSITIVE_INFINITY, 0))) {
            assertThat(none.hasInterval()).isFalse();
            assertThat(none.interval(0.95)).isNull();
            assertThat(none.p()).isNaN();
        }
        assertThat(PairedDifference.ofSeeds(Double.NaN).mean()).isNaN();
    }
}
