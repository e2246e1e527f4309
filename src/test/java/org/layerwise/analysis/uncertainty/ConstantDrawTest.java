package org.layerwise.analysis.uncertainty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.similarity.DebiasedCka;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.RbfCka;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Engines;

/** Draws in which a hidden state is the same for all examples, or for all but one. */
class ConstantDrawTest {

    private final GaussianLayers layers = new GaussianLayers(40, 0.2, 0.6, 0.21, 1.2, 0.4);

    /**
     * The draws of a decoder's last token, where nearly all rows end alike, computed plainly: the rows of a draw are
     * written out, and a layer whose input does not vary among them has no value and comes last.
     */
    static List<Measure> linear() {
        return List.of(LinearCka.MEASURE, DebiasedCka.MEASURE);
    }

    @ParameterizedTest
    @MethodSource("linear")
    void aLayerWhoseInputIsConstantInADrawIsUndefinedThere(Measure measure) {
        boolean unbiased = measure == DebiasedCka.MEASURE;
        int n = 16;
        int replicates = 60;
        Grams grams = endingAlike(n, 2);

        Uncertainty found = BootstrapTest.run(
                grams, measure, Bootstrap.of(new Bootstrap.Settings(replicates, 1, UndefinedLayers.EXCLUDE, 5)));

        BootstrapDraws draws = new BootstrapDraws(n, 5);
        double[] votes = new double[5];
        int undefined = 0;
        for (double[] weights : draws.withReplacement(replicates)) {
            double[] plain = plainly(grams, weights, unbiased);
            undefined += Double.isNaN(plain[0]) ? 1 : 0;
            votes[largest(plain)] += 1.0 / replicates;
        }
        int proposed = BootstrapTest.importance(grams, measure)
                .ranking(UndefinedLayers.EXCLUDE)
                .get(0);
        double overlap = draws.withoutReplacement(8, replicates).stream()
                .mapToDouble(weights -> largest(plainly(grams, weights, unbiased)) == proposed ? 1 : 0)
                .average()
                .orElseThrow();
        assertThat(undefined).isBetween(4, 56);
        assertThat(votes[0]).isGreaterThan(0);
        for (int layer = 0; layer < 5; layer++) {
            assertThat(found.selected().get(layer)).isCloseTo(votes[layer], within(1e-9));
            assertThat(found.interval(layer).isPresent()).isEqualTo(layer > 0);
        }
        assertThat(found.curve().get(0).overlap()).isCloseTo(overlap, within(1e-9));
    }

    /** Debiased CKA is undefined for all examples, and CKA has no interval from its debiased form. */
    @Test
    void oneOddRowHasNoDebiasedInterval() {
        Grams grams = endingAlike(24, 1);

        Uncertainty found = BootstrapTest.run(grams, LinearCka.MEASURE, BootstrapTest.bootstrap(100, 1));

        assertThat(BootstrapTest.importance(grams, DebiasedCka.MEASURE).of(0)).isEmpty();
        assertThat(BootstrapTest.importance(grams, LinearCka.MEASURE).of(0)).isPresent();
        assertThat(found.interval(0)).isEmpty();
        assertThat(found.interval(1)).isPresent();
        double[] every = DoubleStream.generate(() -> 1).limit(24).toArray();
        LayerStatistic.Drawn drawn = new WeightedCka(
                        24, CentredKernel.of(grams, LinearCka.MEASURE, MeasureOptions.DEFAULTS), false)
                .importance(List.of(every), Progress.none());
        assertThat(drawn.measured()[0][0]).isFinite();
        assertThat(drawn.debiased()[0][0]).isNaN();
    }

    /** The narrow kernel is the same for all pairs, and its debiased form nothing. */
    @Test
    void aKernelInWhichAllAreAlikeToAllOthersHasNoDebiasedInterval() {
        Grams grams = layers.grams(24, new Random(2));
        MeasureOptions narrow = new MeasureOptions(1e-3, 0.99, 64);
        LayerImportance importance =
                LayerImportance.of(new RbfCka(Engines.shared(), 1e-3).allPairs(grams, Progress.none(), partial -> {}));

        Uncertainty found = BootstrapTest.found(
                BootstrapTest.bootstrap(50, 1).run(RbfCka.MEASURE, narrow, importance, grams, null, Progress.none()));

        assertThat(found.intervals()).containsOnlyNulls();
    }

    /** Hidden states of which the first is one vector in all rows but the last few. */
    private Grams endingAlike(int n, int odd) {
        List<double[]> grams = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (double[][] state : layers.sample(n, new Random(6))) {
            for (int i = 1; grams.isEmpty() && i < n - odd; i++) {
                state[i] = state[0];
            }
            grams.add(GaussianLayers.gram(state));
            reasons.add(null);
        }
        return new Grams(n, grams, reasons);
    }

    private static double[] plainly(Grams grams, double[] weights, boolean unbiased) {
        int n = grams.samples();
        int[] drawn = IntStream.range(0, n)
                .flatMap(i -> IntStream.range(0, (int) weights[i]).map(copy -> i))
                .toArray();
        double[] importance = new double[grams.size() - 1];
        for (int layer = 0; layer < importance.length; layer++) {
            double[][] k = PlainHsic.drawn(grams.of(layer), n, drawn, unbiased);
            double[][] l = PlainHsic.drawn(grams.of(layer + 1), n, drawn, unbiased);
            importance[layer] = 1
                    - PlainHsic.of(k, l, unbiased)
                            / Math.sqrt(PlainHsic.of(k, k, unbiased) * PlainHsic.of(l, l, unbiased));
        }
        long odd = Arrays.stream(drawn).filter(i -> i >= n - 2).distinct().count();
        if (odd == 0 || unbiased && odd == 1) {
            importance[0] = Double.NaN;
        }
        return importance;
    }

    private static int largest(double[] values) {
        int largest = values.length - 1;
        for (int i = values.length - 1; i >= 0; i--) {
            if (!Double.isNaN(values[i]) && !(values[i] < values[largest])) {
                largest = i;
            }
        }
        return largest;
    }
}
