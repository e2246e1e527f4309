package org.layerwise.run.uncertainty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.McNemar;
import org.layerwise.base.Progress;
import org.layerwise.training.Evaluation;

class MetricIntervalsTest {

    private static final List<String> ALL = List.of("loss", "accuracy", "matthews", "f1");

    /** Binary rows, each right with probability {@code right}. */
    private static RowMetrics rows(int count, double right, long seed) {
        Random random = new Random(seed);
        double[] labels = IntStream.range(0, count).mapToDouble(row -> row % 2).toArray();
        double[] predicted = IntStream.range(0, count)
                .mapToDouble(row -> random.nextDouble() < right ? labels[row] : 1 - labels[row])
                .toArray();
        double[] losses = random.doubles(count).toArray();
        return new RowMetrics(
                labels,
                predicted,
                2,
                losses,
                IntStream.range(0, count).mapToDouble(row -> 1).toArray());
    }

    @Test
    void accuracyHasWilsonsInterval() {
        // Wilson's formula in Python
        Interval interval = MetricIntervals.ofAccuracy(445 / 512.0, 512);
        assertThat(interval.low()).isCloseTo(0.8371591, within(1e-6));
        assertThat(interval.high()).isCloseTo(0.8956242, within(1e-6));
    }

    @Test
    void aMetricThatIsNoNumberHasNoInterval() {
        Evaluation broken = new Evaluation(Double.NaN, 200, Map.of("accuracy", Double.NaN, "f1", 0.5));
        assertThat(MetricIntervals.with(broken, rows(200, 0.8, 1), Progress.none())
                        .intervals())
                .containsOnlyKeys("f1");
    }

    @Test
    void theOthersHaveIntervalsThatCoverTheTruth() {
        int covered = 0;
        for (int trial = 0; trial < 60; trial++) {
            MetricIntervals intervals = MetricIntervals.of(rows(200, 0.8, 100 + trial), ALL, Progress.none());
            assertThat(intervals.byMetric()).containsOnlyKeys("loss", "accuracy", "matthews", "f1");
            Interval matthews = intervals.byMetric().get("matthews");
            covered += matthews.low() <= 0.6 && 0.6 <= matthews.high() ? 1 : 0; // 0.8 - 0.2 for balanced classes
            Interval loss = intervals.byMetric().get("loss");
            assertThat(loss.high() - loss.low()).isBetween(0.05, 0.12); // 2 * 1.96 * sqrt(1 / 12 / 200) = 0.080
        }
        assertThat(covered).isBetween(52, 60);
    }

    @Test
    void perplexityWeighsTokensAndIsTheSameAgain() {
        double[] losses = IntStream.range(0, 20).mapToDouble(row -> 1 + row % 4).toArray();
        double[] weights =
                IntStream.range(0, 20).mapToDouble(row -> row % 4 == 3 ? 97 : 1).toArray();
        RowMetrics rows = new RowMetrics(new double[0], new double[0], 1, losses, weights);
        assertThat(rows.metric("loss", rows.all())).isCloseTo(3.94, within(1e-12));
        List<String> metrics = List.of("loss", "perplexity", "accuracy");
        MetricIntervals one = MetricIntervals.of(rows, metrics, Progress.none());
        assertThat(one).isEqualTo(MetricIntervals.of(rows, metrics, Progress.none()));
        assertThat(one.byMetric()).containsOnlyKeys("loss", "perplexity");
        Interval loss = one.byMetric().get("loss");
        assertThat(loss.low()).isBetween(3.8, 3.94);
        assertThat(loss.high()).isBetween(3.94, 4.1);
        assertThat(one.byMetric().get("perplexity"))
                .isEqualTo(new Interval(Math.exp(loss.low()), Math.exp(loss.high())));
        assertThat(MetricIntervals.note()).contains("Wilson's for accuracy", "not another seed");
    }

    /** As of a language model of which most rows were cut before their answer. */
    @Test
    void rowsWithoutALearntTokenDoNotCount() {
        double[] losses = new double[100];
        double[] weights = new double[100];
        for (int row = 0; row < 20; row++) {
            losses[row] = 1 + row % 5;
            weights[row] = 3;
        }
        RowMetrics rows = new RowMetrics(new double[0], new double[0], 1, losses, weights);

        Interval of20 = MetricIntervals.of(rows, List.of("loss"), Progress.none())
                .byMetric()
                .get("loss");

        assertThat(of20.low()).isBetween(2.0, 2.6);
        assertThat(of20.high()).isBetween(3.4, 4.0);
        Arrays.fill(weights, 1, 20, 0);
        assertThat(MetricIntervals.of(rows, List.of("loss"), Progress.none()).without())
                .containsOnly(Map.entry("loss", "fewer than 16 rows"));
        PairedTest test = PairedTest.of("loss", rows, rows, Progress.none());
        assertThat(test.interval()).isNull();
        assertThat(test.missing()).isEqualTo("no interval: fewer than 16 rows");
        assertThat(PairedTest.of("accuracy", rows(9, 1, 1), rows(9, 0, 1), Progress.none())
                        .missing())
                .isEmpty();
    }

    @Test
    void theDifferenceOfModelsThatHardlyDifferHasNoInterval() {
        RowMetrics rows = rows(64, 0.7, 1);
        for (int different : new int[] {0, 4, 5}) {
            double[] predicted = rows.predicted().clone();
            for (int row = 0; row < different; row++) {
                predicted[row] = 1 - predicted[row];
            }
            RowMetrics other = new RowMetrics(rows.labels(), predicted, 2, rows.losses(), rows.weights());
            PairedTest test = PairedTest.of("f1", rows, other, Progress.none());
            assertThat(test.interval() == null).isEqualTo(different < 5);
            assertThat(test.missing())
                    .isEqualTo(different < 5 ? "no interval: fewer than 5 rows with different predictions" : "");
        }
    }

    @Test
    void fewRowsHaveAReasonInPlaceOfTheirIntervals() {
        MetricIntervals found = MetricIntervals.of(rows(12, 0.5, 1), ALL, Progress.none());
        assertThat(found.byMetric()).containsOnlyKeys("accuracy");
        assertThat(found.without()).containsOnlyKeys("loss", "matthews", "f1").containsValue("fewer than 16 rows");
        assertThat(MetricIntervals.of(rows(64, 1, 1), ALL, Progress.none()).without())
                .containsOnly(Map.entry("loss", "fewer than 5 wrong rows"));
        Evaluation evaluation =
                MetricIntervals.with(new Evaluation(0.5, 12, Map.of("f1", 0.5)), rows(12, 0.5, 1), Progress.none());
        assertThat(MetricIntervals.words("f1", evaluation, String::valueOf))
                .contains("no interval: fewer than 16 rows");
    }

    @Test
    void aMetricOfOneClassIsCalledUndefined() {
        double[] half = IntStream.range(0, 64).mapToDouble(row -> row % 2).toArray();
        double[] zeros = new double[64];
        double[] ones = IntStream.range(0, 64).mapToDouble(row -> 1).toArray();
        RowMetrics rows = new RowMetrics(half, zeros, 2, ones, ones);
        assertThat(rows.metric("matthews", rows.all())).isZero();
        assertThat(MetricIntervals.of(rows, ALL, Progress.none()).without())
                .containsOnly(Map.entry("matthews", "undefined, all predictions are of one class"));
        assertThat(MetricIntervals.of(new RowMetrics(zeros, zeros, 2, ones, ones), List.of("f1"), Progress.none())
                        .without())
                .containsOnly(Map.entry("f1", "undefined, no label or prediction is of the second class"));
        assertThat(MetricIntervals.of(new RowMetrics(half, zeros, 1, ones, ones), List.of("pearson"), Progress.none())
                        .without())
                .containsOnly(Map.entry("pearson", "undefined, all predictions are equal"));
    }

    @Test
    void oneRowHasOnlyThatOfAccuracy() {
        assertThat(MetricIntervals.of(rows(1, 1, 1), ALL, Progress.none()).byMetric())
                .containsOnlyKeys("accuracy");
    }

    @Test
    void mcNemarIsExact() {
        // sums of binomial coefficients in Python, whose integers are exact
        assertThat(new McNemar(18, 11).p()).isCloseTo(0.2649309, within(1e-6));
        assertThat(new McNemar(18, 10).p()).isCloseTo(0.1849333, within(1e-6));
        assertThat(new McNemar(0, 0).p()).isEqualTo(1);
        assertThat(new McNemar(0, 6).p()).isCloseTo(2 / 64.0, within(1e-12));
        assertThat(new McNemar(5, 5).p()).isEqualTo(1);
        assertThat(new McNemar(2000, 2000).p()).isEqualTo(1);
        assertThat(McNemar.of(new boolean[] {true, true, false}, new boolean[] {true, false, true}))
                .isEqualTo(new McNemar(1, 1));
    }
}
