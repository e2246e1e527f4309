package org.layerwise.analysis.uncertainty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.analysis.similarity.Cosine;
import org.layerwise.analysis.similarity.DebiasedCka;
import org.layerwise.analysis.similarity.GramMeasure;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.RbfCka;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.tensor.Engines;

class BootstrapTest {

    private final GaussianLayers layers = new GaussianLayers(40, 0.2, 0.6, 0.21, 1.2, 0.4);

    static Bootstrap bootstrap(int replicates, long seed) {
        return Bootstrap.of(new Bootstrap.Settings(replicates, 2, UndefinedLayers.EXCLUDE, seed));
    }

    @Test
    void theResamplesSelectAsOftenAsTheSharesSay() {
        Uncertainty found = run(layers.grams(40, new Random(2)), LinearCka.MEASURE, bootstrap(50, 3));
        Resamples resamples = found.resamples();

        assertThat(resamples.kept()).isEqualTo(50);
        assertThat(resamples.drawn()).isEqualTo(50);
        for (int layer = 0; layer < found.selected().size(); layer++) {
            int each = layer;
            assertThat(IntStream.range(0, 50)
                                    .filter(draw ->
                                            resamples.layer(draw, 0) == each || resamples.layer(draw, 1) == each)
                                    .count()
                            / 50.0)
                    .isEqualTo(found.selected().get(layer));
        }
    }

    static Uncertainty found(Bootstrap.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Bootstrap.Outcome.Found.class);
        return ((Bootstrap.Outcome.Found) outcome).uncertainty();
    }

    private static GramMeasure measure(Measure measure) {
        return (GramMeasure) measure.with(MeasureOptions.DEFAULTS, Engines.shared());
    }

    static LayerImportance importance(Grams grams, Measure measure) {
        return LayerImportance.of(measure(measure).allPairs(grams, Progress.none(), partial -> {}));
    }

    static Uncertainty run(Grams grams, Measure measure, Bootstrap bootstrap) {
        return found(bootstrap.run(
                measure, MeasureOptions.DEFAULTS, importance(grams, measure), grams, null, Progress.none()));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void everyExampleOnceGivesTheMeasureItself(Measure measure) {
        Grams grams = layers.grams(30, new Random(1));

        double[] values = IntervalCoverage.values(grams, measure);

        LayerImportance importance = importance(grams, measure);
        for (int layer = 0; layer < values.length; layer++) {
            assertThat(values[layer]).isCloseTo(importance.of(layer).orElseThrow(), within(1e-12));
        }
    }

    static List<Measure> linear() {
        return List.of(LinearCka.MEASURE, DebiasedCka.MEASURE);
    }

    @ParameterizedTest
    @MethodSource("linear")
    void aSubsetGivesTheMeasureOfTheSubset(Measure measure) {
        double[][][] all = layers.sample(30, new Random(1));
        List<double[]> whole = new ArrayList<>();
        List<double[]> part = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (double[][] state : all) {
            whole.add(GaussianLayers.gram(state));
            part.add(GaussianLayers.gram(Arrays.copyOf(state, 12)));
            reasons.add(null);
        }
        double[] weights = new double[30];
        Arrays.fill(weights, 0, 12, 1);
        Grams grams = new Grams(30, whole, reasons);

        double[][] found = new WeightedCka(
                        30, CentredKernel.of(grams, measure, MeasureOptions.DEFAULTS), measure == DebiasedCka.MEASURE)
                .importance(List.of(weights), Progress.none())
                .measured();

        LayerImportance expected = importance(new Grams(12, part, reasons), measure);
        for (int layer = 0; layer < found.length; layer++) {
            assertThat(found[layer][0]).isCloseTo(expected.of(layer).orElseThrow(), within(1e-11));
        }
    }

    /** The Gram of a draw built in full, copies of an example taken for no pair, is what the fast form must agree with. */
    @ParameterizedTest
    @MethodSource("linear")
    void aDrawEqualsTheHsicOfItsGramsWithoutPairsOfCopies(Measure measure) {
        int n = 20;
        Grams grams = layers.grams(n, new Random(4));
        double[] weights = new BootstrapDraws(n, 9).withReplacement(1).get(0);
        boolean unbiased = measure == DebiasedCka.MEASURE;
        int[] drawn = new int[n];
        int at = 0;
        for (int i = 0; i < n; i++) {
            for (int copy = 0; copy < weights[i]; copy++) {
                drawn[at++] = i;
            }
        }
        assertThat(at).isEqualTo(n);

        double[][] found = new WeightedCka(n, CentredKernel.of(grams, measure, MeasureOptions.DEFAULTS), unbiased)
                .importance(List.of(weights), Progress.none())
                .measured();

        for (int layer = 0; layer < found.length; layer++) {
            double[][] k = PlainHsic.drawn(grams.of(layer), n, drawn, unbiased);
            double[][] l = PlainHsic.drawn(grams.of(layer + 1), n, drawn, unbiased);
            double cka = PlainHsic.of(k, l, unbiased)
                    / Math.sqrt(PlainHsic.of(k, k, unbiased) * PlainHsic.of(l, l, unbiased));
            assertThat(found[layer][0]).isCloseTo(1 - cka, within(1e-11));
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void intervalsHoldTheValueOfManyRowsAboutAsOftenAsTheySay(Measure measure) {
        double[] limit = IntervalCoverage.limit(measure, 1200);

        double[][] held = IntervalCoverage.coverage(measure, 48, 60, 150, limit);

        assertThat(Arrays.stream(held[1]).average().orElseThrow()).isBetween(0.86, 0.995);
    }

    /** What {@code --bootstrap} shows is what the coverage of the intervals is measured with. */
    @Test
    void linearCkaHasTheIntervalsOfDebiasedCkaWithinItsRangeAndSelectsByItself() {
        Grams grams = layers.grams(32, new Random(2));

        Uncertainty linear = run(grams, LinearCka.MEASURE, bootstrap(200, 1));
        Uncertainty debiased = run(grams, DebiasedCka.MEASURE, bootstrap(200, 1));

        assertThat(linear.kind()).isEqualTo(IntervalKind.DEBIASED);
        assertThat(debiased.kind()).isEqualTo(IntervalKind.PERCENTILE);
        assertThat(linear.selected()).isNotEqualTo(debiased.selected());
        for (int layer = 0; layer < 5; layer++) {
            Interval one = linear.interval(layer).orElseThrow();
            Interval other = debiased.interval(layer).orElseThrow();
            assertThat(one.low()).isCloseTo(Math.max(0, other.low()), within(1e-12));
            assertThat(one.high()).isCloseTo(Math.min(1, other.high()), within(1e-12));
        }
        assertThat(linear.intervals())
                .isEqualTo(IntervalCoverage.intervals(
                        LinearCka.MEASURE, grams, importance(grams, LinearCka.MEASURE), 200, 1));
    }

    @Test
    void sharperIntervalsAndSurerSelectionsComeFromMoreExamples() {
        Uncertainty few = run(layers.grams(20, new Random(2)), DebiasedCka.MEASURE, bootstrap(200, 1));
        Uncertainty many = run(layers.grams(160, new Random(2)), DebiasedCka.MEASURE, bootstrap(200, 1));

        for (int layer = 0; layer < 5; layer++) {
            Interval wide = few.interval(layer).orElseThrow();
            Interval narrow = many.interval(layer).orElseThrow();
            assertThat(narrow.high() - narrow.low()).isLessThan(wide.high() - wide.low());
        }
        assertThat(many.selected().stream().mapToDouble(Double::doubleValue).sum())
                .isCloseTo(2, within(1e-9));
        assertThat(many.selected().get(3)).isGreaterThan(0.9);
        assertThat(many.selected().get(0)).isLessThan(0.1);
        assertThat(many.curve()).extracting(Uncertainty.OverlapAt::samples).containsExactly(8, 16, 32, 64, 128, 160);
        assertThat(many.curve().get(5).overlap()).isEqualTo(1);
        assertThat(many.curve().get(0).overlap()).isLessThan(many.curve().get(4).overlap());
        assertThat(many.expectedOverlap()).isBetween(0.5, 1.0);
    }

    @Test
    void aSeedGivesTheSameAgainAndAnotherAnother() {
        Grams grams = layers.grams(24, new Random(2));

        Uncertainty first = run(grams, LinearCka.MEASURE, bootstrap(50, 7));

        assertThat(run(grams, LinearCka.MEASURE, bootstrap(50, 7))).isEqualTo(first);
        assertThat(run(grams, LinearCka.MEASURE, bootstrap(50, 8)).intervals()).isNotEqualTo(first.intervals());
        assertThat(new BootstrapDraws(8, 42).withReplacement(1).get(0)).containsExactly(DRAWN);
    }

    /** What the seed 42 draws, so that no machine or change draws something else unnoticed. */
    private static final double[] DRAWN = {2, 1, 1, 1, 0, 0, 2, 1};

    @Test
    void anUndefinedLayerHasNoIntervalAndIsSelectedAsTheSettingsSay() {
        Grams varied = layers.grams(24, new Random(2));
        List<double[]> states = new ArrayList<>(varied.states());
        states.set(0, new double[24 * 24]);
        List<String> reasons = new ArrayList<>(varied.undefined());
        reasons.set(0, "It does not vary.");
        Grams grams = new Grams(24, states, reasons);

        Uncertainty excluded = run(grams, LinearCka.MEASURE, bootstrap(50, 7));
        Uncertainty included =
                run(grams, LinearCka.MEASURE, Bootstrap.of(new Bootstrap.Settings(50, 2, UndefinedLayers.INCLUDE, 7)));

        assertThat(excluded.interval(0)).isEmpty();
        assertThat(excluded.interval(1)).isPresent();
        assertThat(excluded.selected().get(0)).isZero();
        assertThat(included.interval(0)).isEmpty();
        assertThat(included.selected().get(0)).isEqualTo(1);
    }

    @Test
    void aMeanOverExamplesHasTheIntervalOfAMean() {
        Random random = new Random(5);
        double[] cosines = random.doubles(400).map(value -> 0.5 + 0.1 * value).toArray();
        double[] other = random.doubles(400).map(value -> 0.7 + 0.1 * value).toArray();
        double mean = Arrays.stream(cosines).average().orElseThrow();
        double error = 0.1 / Math.sqrt(12) / Math.sqrt(400);
        LayerImportance importance =
                LayerImportance.ofSimilarities(List.of(new Similarity.Value(mean), new Similarity.Value(0.75)));
        ExampleContributions contributions = new ExampleContributions(400, true, List.of(cosines, other));

        Uncertainty found = found(Bootstrap.of(new Bootstrap.Settings(2000, 1, UndefinedLayers.EXCLUDE, 3))
                .run(Cosine.MEASURE, MeasureOptions.DEFAULTS, importance, null, contributions, Progress.none()));

        Interval interval = found.interval(0).orElseThrow();
        assertThat(interval.low()).isCloseTo(1 - mean - 1.96 * error, within(0.3 * error));
        assertThat(interval.high()).isCloseTo(1 - mean + 1.96 * error, within(0.3 * error));
        assertThat(found.selected()).containsExactly(1.0, 0.0);
        assertThat(found.expectedOverlap()).isEqualTo(1);
    }

    @Test
    void tooFewExamplesAreRefused() {
        Grams grams = layers.grams(15, new Random(2));

        assertThatThrownBy(() -> run(grams, LinearCka.MEASURE, bootstrap(50, 7)))
                .isInstanceOf(UserException.class)
                .hasMessage("A bootstrap needs at least 16 examples, but the data has 15; use more samples or none.");
    }

    static List<Measure> kernels() {
        return List.of(LinearCka.MEASURE, DebiasedCka.MEASURE, RbfCka.MEASURE);
    }

    static List<Measure> all() {
        return Measures.ALL;
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyMeasureHasAnIntervalOrAReasonWhyNot(Measure measure) {
        LayerImportance importance = LayerImportance.ofSimilarities(List.of(new Similarity.Value(0.5)));

        Bootstrap.Outcome outcome =
                bootstrap(10, 1).run(measure, MeasureOptions.DEFAULTS, importance, null, null, Progress.none());

        assertThat(outcome).isInstanceOfSatisfying(Bootstrap.Outcome.None.class, none -> assertThat(none.reason())
                .contains("has no interval")
                .endsWith("."));
    }

    @Test
    void stopsWhenAskedTo() {
        Grams grams = layers.grams(24, new Random(2));
        LayerImportance importance = importance(grams, LinearCka.MEASURE);
        Progress cancelled = new Progress() {
            private int reports;

            @Override
            public void report(double fraction, String message) {
                reports++;
            }

            @Override
            public boolean cancelled() {
                return reports > 2;
            }
        };

        assertThatThrownBy(() -> bootstrap(50, 7)
                        .run(LinearCka.MEASURE, MeasureOptions.DEFAULTS, importance, grams, null, cancelled))
                .isInstanceOf(CancelledException.class);
    }
}
