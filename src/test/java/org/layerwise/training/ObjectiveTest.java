package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.base.UserException;
import org.layerwise.data.Labels;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;

/** Label smoothing against transformers' {@code LabelSmoother}, written out. */
class ObjectiveTest {

    private static final float[][] LOGITS = {{1, 2, -1}, {0.5f, 0, 0.25f}, {-3, 4, 2}, {9, 9, 9}};

    private final TensorEngine engine = Engines.shared();

    /** {@code (1 - epsilon) * nll + epsilon * smoothed}, means over the rows that count. */
    private static double smoothed(int[] labels, double epsilon) {
        double likelihood = 0;
        double spread = 0;
        int active = 0;
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] == -100) {
                continue;
            }
            double sum = 0;
            for (float logit : LOGITS[row]) {
                sum += Math.exp(logit);
            }
            likelihood += Math.log(sum) - LOGITS[row][labels[row]];
            for (float logit : LOGITS[row]) {
                spread += Math.log(sum) - logit;
            }
            active++;
        }
        return (1 - epsilon) * likelihood / active + epsilon * spread / (active * 3.0);
    }

    @Test
    void classesAreSmoothedWhileTrainingOnly() {
        Objective.Classification plain =
                new Objective.Classification(new Labels.Classes(new int[] {1, 0, 2, 1}, List.of()), 3);
        Objective.Classification smoothed = plain.smoothed(0.1);
        try (Scope scope = engine.inference()) {
            var logits = engine.of(flat(), 4, 3);
            int[] rows = {0, 1, 2, 3};
            assertThat(smoothed.loss(engine, logits, rows).item())
                    .isCloseTo(smoothed(new int[] {1, 0, 2, 1}, 0.1), within(1e-6));
            assertThat(plain.loss(engine, logits, rows).item())
                    .isCloseTo(smoothed(new int[] {1, 0, 2, 1}, 0), within(1e-6));
        }
    }

    @Test
    void ignoredTokensDoNotCount() {
        try (Scope scope = engine.inference()) {
            assertThat(engine.of(flat(), 4, 3)
                            .crossEntropy(engine.of(new long[] {1, -100, 2, -100}, 4), 0.2)
                            .item())
                    .isCloseTo(smoothed(new int[] {1, -100, 2, -100}, 0.2), within(1e-6));
        }
    }

    @Test
    void aRegressionRefusesIt() {
        Objective objective = new Objective.Regression(new Labels.Numbers(new double[] {1}));
        assertThat(objective.smoothed(0)).isSameAs(objective);
        assertThatThrownBy(() -> objective.smoothed(0.1))
                .isInstanceOf(UserException.class)
                .hasMessage("Label smoothing spreads a label over classes, and a regression has none; leave it out.");
    }

    @Test
    void logitsThatAreNoNumbersHaveNoMetrics() {
        Objective.OfRows classes = new Objective.Classification(new Labels.Classes(new int[] {0, 0, 1}, List.of()), 2);
        Objective.OfRows numbers = new Objective.Regression(new Labels.Numbers(new double[] {1, 2, 3}));
        for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThat(classes.metrics(new float[][] {{1, 0}, {broken, broken}, {0, 1}}))
                    .containsOnlyKeys("accuracy", "matthews", "f1")
                    .allSatisfy((name, value) -> assertThat(value).isNaN());
            assertThat(numbers.metrics(new float[][] {{1}, {broken}, {3}}))
                    .containsOnlyKeys("pearson", "spearman")
                    .allSatisfy((name, value) -> assertThat(value).isNaN());
        }
        assertThat(classes.metrics(new float[][] {{1, 0}, {1, 0}, {0, 1}})).containsEntry("accuracy", 1.0);
    }

    private static float[] flat() {
        float[] values = new float[12];
        for (int i = 0; i < 12; i++) {
            values[i] = LOGITS[i / 3][i % 3];
        }
        return values;
    }
}
