package org.layerwise.run.uncertainty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.layerwise.base.Progress;
import org.layerwise.training.ClassTotals;

/**
 * The share of the intervals of differences that hold the true difference of two classifiers, of which the second predicts as the first for most
 * rows. With {@code -Dlayerwise.coverage=SETS} each case is drawn that often, and the table of runs.md is printed.
 */
class PairedCoverageTest {

    private static final String PROPERTY = "layerwise.coverage";
    private static final boolean WHOLE = System.getProperty(PROPERTY) != null;
    private static final int[] ROWS = WHOLE ? new int[] {16, 32, 64, 128, 256, 1024} : new int[] {32, 128};
    private static final int SETS = Integer.getInteger(PROPERTY, 12);
    private static final double LEAST = 0.86;

    /** The second classifier decides anew for a share of the rows, and errs there with another probability. */
    private record Pair(int classes, double share, double errors, double anew, double errorsAnew) {

        RowMetrics[] rows(int count, Random random) {
            double[] labels = new double[count];
            double[][] predicted = new double[2][count];
            double[][] losses = new double[2][count];
            double[] weights = new double[count];
            Arrays.fill(weights, 1);
            for (int row = 0; row < count; row++) {
                int other = random.nextInt(classes - 1);
                int label = random.nextDouble() < share ? 1 : other == 0 ? 0 : other + 1;
                labels[row] = label;
                predict(0, row, label, errors, random, predicted, losses);
                if (random.nextDouble() < anew) {
                    predict(1, row, label, errorsAnew, random, predicted, losses);
                } else {
                    predicted[1][row] = predicted[0][row];
                    losses[1][row] = losses[0][row];
                }
            }
            return new RowMetrics[] {
                new RowMetrics(labels, predicted[0], classes, losses[0], weights),
                new RowMetrics(labels, predicted[1], classes, losses[1], weights)
            };
        }

        /** A right row has an exponential loss of mean 1/20, a wrong row one of mean 2. */
        private void predict(
                int model, int row, int label, double error, Random random, double[][] predicted, double[][] losses) {
            boolean wrong = random.nextDouble() < error;
            predicted[model][row] = wrong ? (label + 1 + random.nextInt(classes - 1)) % classes : label;
            losses[model][row] = -Math.log(1 - random.nextDouble()) * (wrong ? 2 : 0.05);
        }

        double difference(String metric) {
            double second = (1 - anew) * errors + anew * errorsAnew;
            return metric.equals("loss") ? (second - errors) * 1.95 : value(metric, second) - value(metric, errors);
        }

        private double value(String metric, double error) {
            ClassTotals totals = new ClassTotals(new double[classes], new double[classes], new double[classes]);
            for (int label = 0; label < classes; label++) {
                double of = label == 1 ? share : (1 - share) / (classes - 1);
                for (int other = 0; other < classes; other++) {
                    totals.add(label, other, of * (label == other ? 1 - error : error / (classes - 1)));
                }
            }
            return metric.equals("matthews") ? totals.matthews() : classes == 2 ? totals.binaryF1() : totals.macroF1();
        }
    }

    @Test
    void differencesOfF1() {
        require("f1");
    }

    @Test
    void differencesOfMatthews() {
        require("matthews");
    }

    @Test
    void differencesOfLosses() {
        require("loss");
    }

    private static void require(String metric) {
        for (int rows : ROWS) {
            int shown = 0;
            int held = 0;
            for (Pair pair : pairs()) {
                Random random = new Random(31L * rows + pair.hashCode());
                for (int set = 0; set < SETS; set++) {
                    RowMetrics[] both = pair.rows(rows, random);
                    PairedTest test = PairedTest.of(metric, both[0], both[1], Progress.none());
                    double truth = pair.difference(metric);
                    if (test.interval() != null) {
                        shown++;
                        held += test.interval().low() <= truth
                                        && truth <= test.interval().high()
                                ? 1
                                : 0;
                    }
                }
            }
            if (WHOLE) {
                System.out.printf(Locale.ROOT, "%s n=%d: %.3f of %d%n", metric, rows, (double) held / shown, shown);
            }
            assertThat(shown).as("%s, %s rows", metric, rows).isGreaterThan(SETS);
            assertThat((double) held / shown).as("%s, %s rows", metric, rows).isBetween(LEAST, 0.98);
        }
    }

    private static List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (double share : new double[] {0.5, 0.1}) {
            for (double errors : new double[] {0.05, 0.1, 0.3}) {
                for (double anew : new double[] {0.05, 0.3, 1}) {
                    pairs.add(new Pair(2, share, errors, anew, errors));
                    pairs.add(new Pair(4, share / 2, errors, anew, 2 * errors));
                }
            }
        }
        return pairs;
    }
}
