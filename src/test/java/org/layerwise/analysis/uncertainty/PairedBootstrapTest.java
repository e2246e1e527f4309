package org.layerwise.analysis.uncertainty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {

    /** The share of the rows that are right. */
    private static PairedBootstrap.Metric share(double[][] right) {
        return (training, rows) -> Arrays.stream(rows)
                .mapToDouble(row -> right[training][row])
                .average()
                .orElseThrow();
    }

    @Test
    void twoRowsAndOneTrainingAreThreePossibleDraws() {
        // right on one of two rows more: a draw sees 0, 1 or 2 of that row, with chances 1/4, 1/2, 1/4
        PairedBootstrap bootstrap = new PairedBootstrap(2, 1, 4000, 7);
        double[] more = bootstrap.replicates(share(new double[][] {{1, 1}}));
        double[] less = bootstrap.replicates(share(new double[][] {{0, 1}}));
        double[] differences = PairedBootstrap.differences(more, less);

        assertThat(differences).containsOnly(0, 0.5, 1);
        assertThat(Arrays.stream(differences).average().orElseThrow()).isCloseTo(0.5, within(0.03));
        assertThat(Arrays.stream(differences).filter(value -> value == 0.5).count())
                .isBetween(1850L, 2150L);
        assertThat(PairedBootstrap.interval(differences, 0.95)).isEqualTo(new Interval(0, 1));
        assertThat(PairedBootstrap.interval(differences, 0.4)).isEqualTo(new Interval(0.5, 0.5));
    }

    @Test
    void drawsAreThoseOfTheGeneratorByHand() {
        double[][] right = {{1, 0, 1}, {0, 0, 1}};
        double[] replicates = new PairedBootstrap(3, 2, 50, 11).replicates(share(right));

        SplittableRandom random = new SplittableRandom(11);
        for (double replicate : replicates) {
            int[] rows = {random.nextInt(3), random.nextInt(3), random.nextInt(3)};
            double sum = 0;
            for (int i = 0; i < 2; i++) {
                double[] of = right[random.nextInt(2)];
                sum += (of[rows[0]] + of[rows[1]] + of[rows[2]]) / 3;
            }
            assertThat(replicate).isCloseTo(sum / 2, within(1e-15));
        }
        double[] sorted = Arrays.stream(replicates).sorted().toArray();
        Interval interval = PairedBootstrap.interval(replicates, 0.9);
        // 0.05 * 49 = 2.45: between the third and the fourth
        assertThat(interval.low()).isCloseTo(sorted[2] + 0.45 * (sorted[3] - sorted[2]), within(1e-12));
        assertThat(interval.high()).isCloseTo(sorted[46] + 0.55 * (sorted[47] - sorted[46]), within(1e-12));
    }

    @Test
    void rowsThatAllFindHardDoNotBlurADifference() {
        Random random = new Random(3);
        double[] one = new double[400];
        double[] other = new double[400];
        for (int row = 0; row < one.length; row++) {
            other[row] = random.nextBoolean() ? 1 : 0;
            one[row] = row % 20 == 0 ? 1 : other[row]; // never worse
        }
        PairedBootstrap bootstrap = new PairedBootstrap(400, 1, 1000, 1);
        double[] first = bootstrap.replicates(share(new double[][] {one}));
        double[] second = bootstrap.replicates(share(new double[][] {other}));
        double[] unpaired = new PairedBootstrap(400, 1, 1000, 2).replicates(share(new double[][] {other}));

        Interval paired = PairedBootstrap.interval(PairedBootstrap.differences(first, second), 0.95);
        Interval apart = PairedBootstrap.interval(PairedBootstrap.differences(first, unpaired), 0.95);
        assertThat(paired.low()).isPositive();
        assertThat(apart.low()).isNegative();
        // the error of a mean of 400 differences that are 1 with probability p and else 0
        double p = Arrays.stream(one).sum() / 400 - Arrays.stream(other).sum() / 400;
        double width = 2 * 1.96 * Math.sqrt(p * (1 - p) / 400);
        assertThat(paired.high() - paired.low()).isCloseTo(width, within(0.25 * width));
    }

    @Test
    void seedsThatDifferMakeTheIntervalWider() {
        double[] half = new double[400];
        Arrays.fill(half, 0, 200, 1);
        double[] right = new double[400];
        Arrays.fill(right, 1);
        PairedBootstrap bootstrap = new PairedBootstrap(400, 3, 1000, 5);
        double[] wild = bootstrap.replicates(share(new double[][] {right, half, new double[400]}));
        Interval narrow =
                PairedBootstrap.interval(bootstrap.replicates(share(new double[][] {half, half, half})), 0.95);
        Interval wide = PairedBootstrap.interval(wild, 0.95);

        // the rows alone: 1.96 standard errors of a share of one half in 400
        assertThat(narrow.high() - narrow.low()).isCloseTo(2 * 1.96 * 0.025, within(0.02));
        // one draw in 27 has the best seed three times, and one the worst
        assertThat(wide).isEqualTo(new Interval(0, 1));
        assertThat(bootstrap.replicates(share(new double[][] {right, half, new double[400]})))
                .isEqualTo(wild);
        assertThat(new PairedBootstrap(400, 3, 1000, 6)
                        .replicates(share(new double[][] {right, half, new double[400]})))
                .isNotEqualTo(wild);
    }

    @Test
    void fewDrawsWithoutAValueAreLeftOutAndManyLeaveNoInterval() {
        double[] replicates = new double[1000];
        Arrays.setAll(replicates, draw -> draw < 50 ? Double.NaN : draw);
        assertThat(PairedBootstrap.interval(replicates, 0.95))
                .isEqualTo(PairedBootstrap.interval(Arrays.copyOfRange(replicates, 50, 1000), 0.95));
        replicates[999] = Double.NaN;
        assertThat(PairedBootstrap.interval(replicates, 0.95)).isNull();
    }

    @Test
    void nothingCannotBeDrawnFrom() {
        assertThatThrownBy(() -> new PairedBootstrap(0, 1, 10, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PairedBootstrap.differences(new double[2], new double[3]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
