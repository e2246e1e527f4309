package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;

class PredictionDivergenceTest {

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @Test
    void equalsTheDefinitionInPlainLoops() {
        Random random = new Random(3);
        float[][] first = new float[200][7];
        float[][] second = new float[200][7];
        for (int row = 0; row < 200; row++) {
            for (int outcome = 0; outcome < 7; outcome++) {
                first[row][outcome] = (float) (3 * random.nextGaussian());
                second[row][outcome] = (float) (first[row][outcome] + random.nextGaussian() * row / 100);
            }
        }

        PredictionDivergence.Rows found = PredictionDivergence.ofClasses(engine, first, second);

        int disagreements = 0;
        for (int row = 0; row < 200; row++) {
            double[] p = probabilities(first[row]);
            double[] q = probabilities(second[row]);
            double divergence = 0;
            int best = 0;
            int other = 0;
            for (int outcome = 0; outcome < 7; outcome++) {
                double m = (p[outcome] + q[outcome]) / 2;
                divergence += (p[outcome] * Math.log(p[outcome] / m) + q[outcome] * Math.log(q[outcome] / m))
                        / 2
                        / Math.log(2);
                best = p[outcome] > p[best] ? outcome : best;
                other = q[outcome] > q[other] ? outcome : other;
            }
            assertThat(found.divergence()[row]).isCloseTo(divergence, within(1e-13));
            assertThat(found.disagreements()[row]).isEqualTo(best == other ? 0 : 1);
            assertThat(found.predictions()[row]).isEqualTo(1);
            disagreements += found.disagreements()[row];
        }
        assertThat(disagreements).isBetween(20, 150);
    }

    private static double[] probabilities(float[] logits) {
        double[] p = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp(logits[i]);
            sum += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
    }

    @Test
    void theEndsOfTheRangeAreReached() {
        float[][] first = {{0, 0}, {1e4f, -1e4f}, {0, 30}, {Float.NaN, 0}};
        float[][] second = {{5, 5}, {-1e4f, 1e4f}, {0, 30}, {0, 0}};

        PredictionDivergence.Rows found = PredictionDivergence.ofClasses(engine, first, second);

        assertThat(found.divergence()[0]).as("equal").isCloseTo(0, within(1e-15));
        assertThat(found.divergence()[1]).as("nothing in common").isEqualTo(1);
        assertThat(found.divergence()[2]).isCloseTo(0, within(1e-15));
        assertThat(found.divergence()[3]).isNaN();
    }

    @Test
    void refusesOtherClasses() {
        assertThatThrownBy(() -> PredictionDivergence.ofClasses(engine, new float[2][3], new float[2][4]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
