package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {

    // worked out by hand: class 2 is never predicted, class 3 is neither there nor predicted
    private final int[] labels = {0, 0, 0, 1, 1, 2};
    private final int[] predictions = {0, 0, 1, 1, 0, 1};
    private final ConfusionMatrix matrix = ConfusionMatrix.of(labels, predictions, 4);

    @Test
    void countsRowsByLabelAndPrediction() {
        assertThat(matrix.classes()).isEqualTo(4);
        assertThat(matrix.count(0, 0)).isEqualTo(2);
        assertThat(matrix.count(0, 1)).isEqualTo(1);
        assertThat(matrix.count(1, 0)).isEqualTo(1);
        assertThat(matrix.count(2, 1)).isEqualTo(1);
        assertThat(IntStream.range(0, 4).mapToLong(matrix::support)).containsExactly(3L, 2L, 1L, 0L);
        assertThat(IntStream.range(0, 4).mapToLong(matrix::predicted)).containsExactly(3L, 3L, 0L, 0L);
    }

    @Test
    void scoresClasses() {
        assertThat(matrix.precision(0)).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(matrix.recall(0)).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(matrix.precision(1)).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(matrix.recall(1)).isEqualTo(0.5);
        assertThat(matrix.f1(1)).isCloseTo(0.4, within(1e-15));
        for (int empty = 2; empty < 4; empty++) {
            assertThat(matrix.precision(empty)).isZero();
            assertThat(matrix.recall(empty)).isZero();
            assertThat(matrix.f1(empty)).isZero();
        }
    }

    @Test
    void agreesWithTheMetrics() {
        assertThat((matrix.count(0, 0) + matrix.count(1, 1) + matrix.count(2, 2)) / 6.0)
                .isEqualTo(Metrics.accuracy(labels, predictions));
        assertThat(IntStream.range(0, 3).mapToDouble(matrix::f1).average().orElseThrow())
                .isCloseTo(Metrics.macroF1(labels, predictions), within(1e-15));
        int[] binary = Arrays.stream(labels).map(k -> Math.min(k, 1)).toArray();
        assertThat(ConfusionMatrix.of(binary, predictions, 2).f1(1)).isEqualTo(Metrics.binaryF1(binary, predictions));
    }

    @Test
    void refusesRowsWithoutAPrediction() {
        assertThatThrownBy(() -> ConfusionMatrix.of(labels, new int[2], 4))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
