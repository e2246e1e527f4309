package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RowErrorsTest {

    @Test
    void crossEntropyIsMinusTheLogarithmOfTheProbability() {
        assertThat(RowErrors.crossEntropy(new float[] {0, 0, 0, 0}, 2)).isCloseTo(Math.log(4), within(1e-12));
        float[] logits = {(float) Math.log(0.5), (float) Math.log(0.25), (float) Math.log(0.25)};
        assertThat(RowErrors.crossEntropy(logits, 0)).isCloseTo(Math.log(2), within(1e-6));
        assertThat(RowErrors.crossEntropy(new float[] {1000, 0}, 1)).isCloseTo(1000, within(1e-9));
        assertThat(RowErrors.crossEntropy(new float[] {1000, 0}, 0)).isZero();
        assertThat(RowErrors.crossEntropy(new float[] {Float.NaN, 0}, 0)).isNaN();
    }

    @Test
    void worstRowsComeFirst() {
        double[] errors = {0.5, Double.NaN, 2, 0, Double.POSITIVE_INFINITY, 2};
        assertThat(RowErrors.worst(errors, 4)).containsExactly(1, 4, 2, 5);
        assertThat(RowErrors.worst(errors, 0)).isEmpty();
        assertThat(RowErrors.worst(errors, 100)).hasSize(6);
    }
}
