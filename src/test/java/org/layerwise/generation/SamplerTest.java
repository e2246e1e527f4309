package org.layerwise.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {

    private static final float[] LOGITS = {0.3f, 2.1f, -1.2f, 0.9f, 1.4f, -4f};

    @ParameterizedTest
    @CsvSource({"1, 1", "0.7, 1", "2.5, 1", "1, 0.8", "0.7, 0.5", "1.3, 0.95"})
    void drawsAsOftenAsTheSoftmaxSays(double temperature, double topP) {
        Sampler sampler = new Sampler(temperature, topP);
        double[] expected = softmax(temperature);
        leaveOut(expected, topP);
        int draws = 200_000;
        int[] counts = new int[LOGITS.length];
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < draws; i++) {
            counts[sampler.draw(LOGITS, 0, LOGITS.length, random)]++;
        }
        for (int token = 0; token < counts.length; token++) {
            // five standard deviations
            double spread = 5 * Math.sqrt(expected[token] * (1 - expected[token]) / draws);
            assertThat((double) counts[token] / draws).isCloseTo(expected[token], within(spread));
            if (expected[token] == 0) {
                assertThat(counts[token]).isZero();
            }
        }
    }

    @Test
    void topPKeepsTheFewestThatReachIt() {
        // 0.4, 0.3, 0.2, 0.1
        float[] logits = {(float) Math.log(0.2), (float) Math.log(0.4), (float) Math.log(0.1), (float) Math.log(0.3)};
        assertThat(new Sampler(1, 0.39).probabilities(logits)).containsExactly(0, 1, 0, 0);
        assertThat(new Sampler(1, 0.41).probabilities(logits))
                .containsExactly(new double[] {0, 4 / 7.0, 0, 3 / 7.0}, within(1e-6));
        assertThat(new Sampler(1, 0.69).probabilities(logits))
                .containsExactly(new double[] {0, 4 / 7.0, 0, 3 / 7.0}, within(1e-6));
        assertThat(new Sampler(1, 0.71).probabilities(logits))
                .containsExactly(new double[] {2 / 9.0, 4 / 9.0, 0, 3 / 9.0}, within(1e-6));
        assertThat(new Sampler(1, 1).probabilities(logits))
                .containsExactly(new double[] {0.2, 0.4, 0.1, 0.3}, within(1e-6));
        assertThat(new Sampler(1, 1e-9).probabilities(logits)).containsExactly(0, 1, 0, 0);
    }

    @Test
    void drawsOfTheRowThatIsAskedFor() {
        float[] rows = {0, 100, 0, 100, 0, 0};
        assertThat(new Sampler(1, 1).draw(rows, 0, 3, new SplittableRandom(1))).isEqualTo(1);
        assertThat(new Sampler(1, 1).draw(rows, 1, 3, new SplittableRandom(1))).isZero();
    }

    @Test
    void aColdTemperatureTakesTheLikeliest() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 100; i++) {
            assertThat(new Sampler(1e-6, 1).draw(LOGITS, 0, LOGITS.length, random))
                    .isEqualTo(1);
        }
    }

    private static double[] softmax(double temperature) {
        double[] weights = new double[LOGITS.length];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.exp(LOGITS[i] / temperature);
            sum += weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    /** In the plainest way: a token stays if those that are likelier do not reach top-p. */
    private static void leaveOut(double[] probabilities, double topP) {
        double[] all = probabilities.clone();
        double kept = 0;
        for (int token = 0; token < all.length; token++) {
            double likelier = 0;
            for (double other : all) {
                likelier += other > all[token] ? other : 0;
            }
            probabilities[token] = likelier < topP ? all[token] : 0;
            kept += probabilities[token];
        }
        for (int token = 0; token < all.length; token++) {
            probabilities[token] /= kept;
        }
    }
}
