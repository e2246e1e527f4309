package org.layerwise.run.uncertainty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.Progress;
import org.layerwise.training.ClassTotals;

/**
 * How often the intervals hold the true value, over simulated classifiers. With {@code -Dlayerwise.coverage=SETS} more cases are drawn,
 * each that often, and the table of runs.md is printed.
 */
class MetricCoverageTest {

    private static final String PROPERTY = "layerwise.coverage";
    private static final boolean WHOLE = System.getProperty(PROPERTY) != null;
    private static final int[] ROWS = WHOLE ? new int[] {8, 16, 32, 64, 128, 256, 1024} : new int[] {8, 16, 32, 128};
    private static final double[] ERRORS =
            WHOLE ? new double[] {0.02, 0.05, 0.1, 0.2, 0.4} : new double[] {0.02, 0.1, 0.4};
    private static final List<String> METRICS = List.of("f1", "matthews", "loss");
    private static final int SETS = Integer.getInteger(PROPERTY, 100);

    /** Least share of data sets with an interval of a case that counts; of few sets, few are no measure. */
    private static final double OFTEN = WHOLE ? 0.1 : 0.5;

    /**
     * A classifier that predicts class 0 of a constant share of the rows, whatever their label, as one that has hardly learnt; of the
     * others, each is wrong with the same probability. A right row has the loss -log p of a p of Beta(surety, 1), a wrong row of
     * Beta(1, surety / 2).
     */
    private record Classifier(int classes, double share, double errors, int surety, double constant) {

        Classifier(int classes, double share, double errors, int surety) {
            this(classes, share, errors, surety, 0);
        }

        /** The class, where class 1 has the share and the others are equal. */
        int label(Random random) {
            int other = random.nextInt(classes - 1);
            return random.nextDouble() < share ? 1 : other == 0 ? 0 : other + 1;
        }

        RowMetrics rows(int count, Random random) {
            double[] labels = new double[count];
            double[] predicted = new double[count];
            double[] losses = new double[count];
            double[] weights = new double[count];
            Arrays.fill(weights, 1);
            for (int row = 0; row < count; row++) {
                int label = label(random);
                boolean wrong = random.nextDouble() < errors;
                labels[row] = label;
                predicted[row] = wrong ? (label + 1 + random.nextInt(classes - 1)) % classes : label;
                if (constant > 0 && random.nextDouble() < constant) {
                    predicted[row] = 0;
                }
                double power = Math.log(1 - random.nextDouble());
                losses[row] = wrong ? -Math.log(-Math.expm1(power / (surety / 2))) : -power / surety;
            }
            return new RowMetrics(labels, predicted, classes, losses, weights);
        }

        double truth(String metric) {
            if (metric.equals("loss")) {
                double harmonic = 0; // mean of -log p of Beta(1, b)
                for (int i = 1; i <= surety / 2; i++) {
                    harmonic += 1.0 / i;
                }
                return (1 - errors) / surety + errors * harmonic;
            }
            ClassTotals totals = new ClassTotals(new double[classes], new double[classes], new double[classes]);
            for (int label = 0; label < classes; label++) {
                double of = label == 1 ? share : (1 - share) / (classes - 1);
                for (int other = 0; other < classes; other++) {
                    totals.add(
                            label, other, of * (1 - constant) * (label == other ? 1 - errors : errors / (classes - 1)));
                }
                totals.add(label, 0, of * constant);
            }
            return metric.equals("matthews") ? totals.matthews() : classes == 2 ? totals.binaryF1() : totals.macroF1();
        }
    }

    /** The shares of intervals that hold the truth, by metric and number of rows. */
    private final Map<String, Map<Integer, List<Double>>> held = new TreeMap<>();

    private void simulate(Classifier classifier, int rows, List<String> metrics) {
        Random random = new Random(31L * rows + classifier.hashCode());
        int[] shown = new int[metrics.size()];
        int[] hit = new int[metrics.size()];
        for (int set = 0; set < SETS; set++) {
            Map<String, Interval> found = MetricIntervals.of(classifier.rows(rows, random), metrics, Progress.none())
                    .byMetric();
            for (int i = 0; i < shown.length; i++) {
                Interval interval = found.get(metrics.get(i));
                double truth = classifier.truth(metrics.get(i));
                shown[i] += interval == null ? 0 : 1;
                hit[i] += interval != null && interval.low() <= truth && truth <= interval.high() ? 1 : 0;
            }
        }
        for (int i = 0; i < shown.length; i++) {
            if (shown[i] >= OFTEN * SETS) {
                held.computeIfAbsent(metrics.get(i), key -> new TreeMap<>())
                        .computeIfAbsent(rows, key -> new ArrayList<>())
                        .add((double) hit[i] / shown[i]);
            }
        }
    }

    private void requireCoverage() {
        held.forEach((metric, byRows) -> {
            if (WHOLE) {
                byRows.forEach((rows, shares) -> System.out.printf(
                        Locale.ROOT,
                        "%s n=%d: mean %.3f, least %.3f of %d%n",
                        metric,
                        rows,
                        mean(shares),
                        least(shares),
                        shares.size()));
            }
            List<Double> all = byRows.values().stream().flatMap(List::stream).toList();
            assertThat(mean(all)).as("%s, mean of %s", metric, byRows).isBetween(0.90, 0.98);
            assertThat(least(all)).as("%s, least of %s", metric, byRows).isGreaterThanOrEqualTo(0.85);
        });
    }

    private static double mean(List<Double> shares) {
        return shares.stream().mapToDouble(share -> share).average().orElse(Double.NaN);
    }

    private static double least(List<Double> shares) {
        return shares.stream().mapToDouble(share -> share).min().orElse(Double.NaN);
    }

    @Test
    void twoClasses() {
        for (int rows : ROWS) {
            for (double errors : ERRORS) {
                simulate(new Classifier(2, 0.5, errors, 50), rows, METRICS);
                simulate(new Classifier(2, 0.1, errors, 6), rows, METRICS);
            }
        }
        requireCoverage();
        for (String metric : METRICS) {
            assertThat(held.get(metric).keySet()).as(metric).doesNotContain(8).contains(16, 32, 128);
        }
    }

    @Test
    void fourClasses() {
        for (int rows : ROWS) {
            for (double errors : ERRORS) {
                simulate(new Classifier(4, 0.25, errors, 50), rows, List.of("f1", "matthews"));
                simulate(new Classifier(4, 0.1, errors, 50), rows, List.of("f1", "matthews"));
            }
        }
        requireCoverage();
    }

    @Test
    void tenClasses() {
        manyClasses(10, List.of(0.1, 0.4, 0.7), WHOLE ? List.of(20, 50) : List.of(20));
        assertThat(held.get("f1").keySet()).containsExactlyElementsOf(WHOLE ? List.of(200, 500) : List.of(200));
    }

    @Test
    void twentyClasses() {
        manyClasses(20, WHOLE ? List.of(0.1, 0.4, 0.7) : List.of(0.7), WHOLE ? List.of(40, 50) : List.of(40));
        assertThat(held.get("f1").keySet()).containsExactlyElementsOf(WHOLE ? List.of(800, 1000) : List.of(800));
    }

    /** As before the first step of a training. */
    @Test
    void oneOfManyClassesIsNearlyAlwaysPredicted() {
        for (int classes : new int[] {4, 8}) {
            for (int each : WHOLE ? List.of(2, 8) : List.of(2)) {
                Classifier classifier = new Classifier(classes, 1.0 / classes, 1 - 1.0 / classes, 50, 0.95);
                simulate(classifier, each * classes * classes, List.of("f1", "matthews"));
            }
        }
        requireCoverage();
        assertThat(held.get("f1").keySet()).contains(32, 128);
    }

    /** More classes than any simulated. */
    @Test
    void moreThanTwentyClassesHaveNoInterval() {
        manyClasses(77, List.of(0.1, 0.7), List.of());
        assertThat(held).isEmpty();
        RowMetrics rows = new Classifier(77, 1 / 77.0, 0.4, 50).rows(3080, new Random(1));
        assertThat(MetricIntervals.of(rows, METRICS, Progress.none()).without())
                .containsOnly(Map.entry("f1", "not 2 to 20 classes"), Map.entry("matthews", "not 2 to 20 classes"));
    }

    /** Simulates 2 to 10 rows a class beside some more. */
    private void manyClasses(int classes, List<Double> errors, List<Integer> more) {
        for (int each : Stream.concat(Stream.of(2, 5, 10), more.stream()).toList()) {
            for (double error : errors) {
                simulate(new Classifier(classes, 1.0 / classes, error, 50), each * classes, List.of("f1", "matthews"));
            }
        }
        requireCoverage();
    }

    /** Squares of normal errors, which are skewed. */
    @Test
    void lossesOfARegression() {
        for (int rows : ROWS) {
            int hit = 0;
            int shown = 0;
            Random random = new Random(rows);
            for (int set = 0; set < 200; set++) {
                double[] ones = new double[rows];
                Arrays.fill(ones, 1);
                double[] losses = new double[rows];
                Arrays.setAll(losses, row -> Math.pow(random.nextGaussian(), 2));
                Interval found = MetricIntervals.of(
                                new RowMetrics(losses, losses, 1, losses, ones), List.of("loss"), Progress.none())
                        .byMetric()
                        .get("loss");
                shown += found == null ? 0 : 1;
                hit += found != null && found.low() <= 1 && 1 <= found.high() ? 1 : 0;
            }
            assertThat(shown).isEqualTo(rows < 16 ? 0 : 200);
            assertThat((double) hit / Math.max(1, shown)).isBetween(rows < 16 ? 0 : 0.9, 0.98);
        }
    }
}
