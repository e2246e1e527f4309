package org.layerwise.analysis.uncertainty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.similarity.DebiasedCka;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.RbfCka;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;

class UnrelatedBaselineTest {

    private static Grams normal(int n, int d, int states) {
        Random random = new Random(6);
        List<double[]> grams = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (int state = 0; state < states; state++) {
            double[][] x = new double[n][d];
            for (double[] row : x) {
                for (int j = 0; j < d; j++) {
                    row[j] = random.nextGaussian();
                }
            }
            grams.add(GaussianLayers.gram(x));
            reasons.add(null);
        }
        return new Grams(n, grams, reasons);
    }

    private static UnrelatedSimilarity baseline(Grams grams, Measure measure) {
        return UnrelatedBaseline.of(grams, measure, MeasureOptions.DEFAULTS, 200, 5, Progress.none());
    }

    /**
     * The mean over all permutations of {@code <K, L_pi>} is {@code tr K tr L / (n-1)} for centred Grams: rows and columns
     * sum to 0, so that the mean of L off the diagonal is {@code -tr L / (n (n-1))}.
     */
    @Test
    void itsMeanIsTheOneThatTheTracesGive() {
        Grams grams = normal(24, 60, 2);
        double first = 0;
        double second = 0;
        for (int i = 0; i < 24; i++) {
            first += grams.of(0)[i * 24 + i];
            second += grams.of(1)[i * 24 + i];
        }
        double norms = Math.sqrt(
                ArrayStatistics.dot(grams.of(0), grams.of(0)) * ArrayStatistics.dot(grams.of(1), grams.of(1)));
        double expected = first * second / 23 / norms;

        UnrelatedSimilarity.Level level =
                baseline(grams, LinearCka.MEASURE).of(0).orElseThrow();

        assertThat(level.mean()).isCloseTo(expected, within(0.003));
        assertThat(level.mean()).isGreaterThan(0.6);
        assertThat(level.high()).isBetween(level.mean(), 1.0);
    }

    @Test
    void isNearNothingForTheUnbiasedEstimator() {
        UnrelatedSimilarity.Level level =
                baseline(normal(24, 60, 2), DebiasedCka.MEASURE).of(0).orElseThrow();

        assertThat(level.mean()).isCloseTo(0, within(0.02));
        assertThat(level.high()).isPositive().isLessThan(0.3);
    }

    @Test
    void isTheSameFromTheSameSeedAndNothingWhereALayerIsUndefined() {
        Grams varied = normal(12, 5, 3);
        List<String> reasons = new ArrayList<>(varied.undefined());
        reasons.set(0, "It does not vary.");
        Grams grams = new Grams(12, varied.states(), reasons);

        UnrelatedSimilarity baseline = baseline(grams, RbfCka.MEASURE);

        assertThat(baseline.of(0)).isEmpty();
        assertThat(baseline.of(1)).isPresent();
        assertThat(baseline(grams, RbfCka.MEASURE)).isEqualTo(baseline);
    }

    @Test
    void tooFewExamplesAreRefused() {
        assertThatThrownBy(() -> baseline(normal(7, 3, 2), LinearCka.MEASURE))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("needs at least 8 examples, but the data has 7");
    }
}
