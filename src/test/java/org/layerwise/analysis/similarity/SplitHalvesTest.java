package org.layerwise.analysis.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.analysis.uncertainty.ExampleContributions;
import org.layerwise.analysis.uncertainty.Reliability;
import org.layerwise.analysis.uncertainty.SplitHalves;
import org.layerwise.analysis.weights.ConditionNumber;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.CancelledProgress;

/** Split-half reliability beside one that plain loops over doubles compute from the definition of each measure. */
class SplitHalvesTest {

    private static final int SPLITS = 5;
    private static final long SEED = 11;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();
    private final SplitHalves halves = new SplitHalves(engine, Engines.device(), SPLITS, SEED);

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    static Stream<Measure> measures() {
        return Measures.ALL.stream().filter(Measure::fromRepresentations);
    }

    /** States that change more from layer to layer, so that halves agree in part. */
    private static double[][][] states(int samples) {
        Random random = new Random(4);
        double[][][] states = new double[7][][];
        states[0] = Layers.normal(random, samples, 6);
        for (int state = 1; state < states.length; state++) {
            double[][] noise = Layers.normal(random, samples, 6);
            states[state] = new double[samples][6];
            for (int i = 0; i < samples; i++) {
                for (int j = 0; j < 6; j++) {
                    states[state][i][j] = (float) (states[state - 1][i][j] + 0.15 * state * noise[i][j]);
                }
            }
        }
        return states;
    }

    private Grams grams(Representations representations) {
        return new GramComputation(engine).of(representations, Engines.device(), Progress.none());
    }

    private SplitHalves.Outcome run(Measure measure, double[][][] states, boolean fromGrams) {
        Representations representations = Layers.of(states);
        return halves.run(
                measure,
                MeasuresTest.OPTIONS,
                measure.with(MeasuresTest.OPTIONS, engine)
                        .importance(representations, Engines.device(), Progress.none()),
                new SplitHalves.Material(fromGrams ? grams(representations) : null, representations, null),
                Progress.none());
    }

    private static Reliability found(SplitHalves.Outcome outcome) {
        assertThat(outcome).isInstanceOf(SplitHalves.Outcome.Found.class);
        return ((SplitHalves.Outcome.Found) outcome).reliability();
    }

    @ParameterizedTest
    @MethodSource("measures")
    void equalsPlainHalves(Measure measure) {
        int n = 41;
        double[][][] states = states(n);
        double expected = plain(n, rows -> {
            double[] importance = new double[states.length - 1];
            for (int layer = 0; layer < importance.length; layer++) {
                importance[layer] = 1
                        - MeasuresTest.plain(measure)
                                .applyAsDouble(some(states[layer], rows), some(states[layer + 1], rows));
            }
            return importance;
        });

        for (boolean fromGrams : new boolean[] {true, false}) {
            Reliability found = found(run(measure, states, fromGrams));
            assertThat(found.halves()).isCloseTo(expected, within(1e-12));
            assertThat(found.value()).isCloseTo(2 * expected / (1 + expected), within(1e-12));
            assertThat(found.rows()).isEqualTo(20);
            assertThat(found.splits()).isEqualTo(SPLITS);
            assertThat(found.value()).isBetween(0.3, 1.0);
        }
    }

    @Test
    void meansOfContributionsEqualPlainHalves() {
        Random random = new Random(8);
        double[][] scores = new double[30][5];
        for (double[] row : scores) {
            for (int layer = 0; layer < row.length; layer++) {
                row[layer] = Math.exp(random.nextGaussian()) * (1 + 0.3 * layer);
            }
        }
        double expected = plain(30, rows -> {
            double[] means = new double[5];
            for (int row : rows) {
                for (int layer = 0; layer < 5; layer++) {
                    means[layer] += scores[row][layer] / rows.length;
                }
            }
            return means;
        });

        Reliability found = found(fisher(scores));

        assertThat(found.halves()).isCloseTo(expected, within(1e-12)).isNotEqualTo(1);
        assertThat(found.summary()).startsWith("reliability 0.").endsWith(" (5 split halves of 15 rows)");
    }

    private SplitHalves.Outcome fisher(double[][] scores) {
        LayerImportance importance = LayerImportance.ofScores(IntStream.range(0, scores[0].length)
                .<Similarity>mapToObj(layer -> new Similarity.Value(layer))
                .toList());
        return halves.run(
                GradientScores.FISHER,
                MeasuresTest.OPTIONS,
                importance,
                new SplitHalves.Material(null, null, ExampleContributions.ofScores(scores, null, importance)),
                Progress.none());
    }

    @Test
    void halvesThatContradictEachOtherHaveNoReliability() {
        // one row decides alone, so that the halves without it rank the layers the other way around
        double[][] scores = new double[16][4];
        for (int row = 0; row < 16; row++) {
            for (int layer = 0; layer < 4; layer++) {
                scores[row][layer] = row == 3 ? 1000 - 100 * layer : layer;
            }
        }
        Reliability found = found(fisher(scores));
        assertThat(found.halves()).isEqualTo(-1);
        assertThat(found.value()).isZero();
    }

    @Test
    void saysWhyThereIsNone() {
        assertThat(reason(run(NearestNeighbours.MEASURE, states(23), false)))
                .isEqualTo("Overlap of the 10 nearest neighbours has no split-half reliability, since halves of 23 rows"
                        + " need at least 12 rows each.");
        assertThat(reason(run(LinearCka.MEASURE, states(15), true))).endsWith("need at least 8 rows each.");
        assertThat(reason(run(LinearCka.MEASURE, Arrays.copyOf(states(40), 3), true)))
                .endsWith("since only 2 of its layers can be ranked.");
        LayerImportance three = LayerImportance.ofScores(
                List.of(new Similarity.Value(1), new Similarity.Value(2), new Similarity.Value(3)));
        SplitHalves.Material nothing = new SplitHalves.Material(null, null, null);
        assertThat(reason(halves.run(
                        GradientScores.GRADIENT_NORM, MeasuresTest.OPTIONS, three, nothing, Progress.none())))
                .endsWith("since what each row contributes was not kept.");
        assertThat(reason(halves.run(ConditionNumber.MEASURE, MeasuresTest.OPTIONS, three, nothing, Progress.none())))
                .endsWith("there are no rows to split.");
    }

    private static String reason(SplitHalves.Outcome outcome) {
        assertThat(outcome).isInstanceOf(SplitHalves.Outcome.None.class);
        return ((SplitHalves.Outcome.None) outcome).reason();
    }

    @Test
    void someRowsAreCentredAmongThemselves() {
        double[][][] states = states(24);
        int[] rows = {1, 2, 5, 7, 11, 20, 21, 22, 23};
        Grams found = grams(Layers.of(states)).rows(rows);

        Grams expected = grams(
                Layers.of(Arrays.stream(states).map(state -> some(state, rows)).toArray(double[][][]::new)));
        assertThat(found.samples()).isEqualTo(rows.length);
        for (int state = 0; state < states.length; state++) {
            assertThat(found.of(state)).containsExactly(expected.of(state), within(1e-10));
        }
    }

    @Test
    void aStateThatDoesNotVaryInAHalfIsUndefinedThere() {
        double[][][] states = states(16);
        double[] one = states[2][0].clone();
        double[] other = states[2][1].clone();
        for (int row = 0; row < 16; row++) {
            states[2][row] = (row < 8 ? one : other).clone();
        }
        Grams all = grams(Layers.of(states));
        assertThat(all.reason(2)).isEmpty();

        Grams half = all.rows(IntStream.range(0, 8).toArray());
        assertThat(half.reason(2)).contains("Hidden state 2 is the same for every example.");
        assertThat(half.reason(1)).isEmpty();
    }

    @Test
    void canBeCancelled() {
        Representations representations = Layers.of(states(20));
        assertThatThrownBy(() -> halves.run(
                        Procrustes.MEASURE,
                        MeasuresTest.OPTIONS,
                        new Procrustes(engine).importance(representations, Engines.device(), Progress.none()),
                        new SplitHalves.Material(null, representations, null),
                        CancelledProgress.when(() -> true)))
                .isInstanceOf(CancelledException.class);
    }

    private static double[][] some(double[][] x, int[] rows) {
        return Arrays.stream(rows).mapToObj(row -> x[row]).toArray(double[][]::new);
    }

    /** Mean correlation of the halves, with draws and ranks of their own. */
    private static double plain(int n, IntFunctionOfRows importance) {
        SplittableRandom random = new SplittableRandom(SEED);
        double sum = 0;
        for (int split = 0; split < SPLITS; split++) {
            List<Integer> order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
            for (int i = n - 1; i > 0; i--) {
                int other = random.nextInt(i + 1);
                Integer kept = order.get(i);
                order.set(i, order.get(other));
                order.set(other, kept);
            }
            IntFunction<int[]> half = part -> order.subList(part * (n / 2), (part + 1) * (n / 2)).stream()
                    .mapToInt(Integer::intValue)
                    .sorted()
                    .toArray();
            sum += pearson(ranks(importance.of(half.apply(0))), ranks(importance.of(half.apply(1))));
        }
        return sum / SPLITS;
    }

    @FunctionalInterface
    private interface IntFunctionOfRows {
        double[] of(int[] rows);
    }

    private static double[] ranks(double[] values) {
        return Arrays.stream(values)
                .map(value -> Arrays.stream(values)
                                .filter(other -> other < value)
                                .count()
                        + (Arrays.stream(values).filter(other -> other == value).count() + 1) / 2.0)
                .toArray();
    }

    private static double pearson(double[] x, double[] y) {
        double mx = Arrays.stream(x).average().orElseThrow();
        double my = Arrays.stream(y).average().orElseThrow();
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - mx) * (y[i] - my);
            xx += (x[i] - mx) * (x[i] - mx);
            yy += (y[i] - my) * (y[i] - my);
        }
        return xy / Math.sqrt(xx * yy);
    }
}
