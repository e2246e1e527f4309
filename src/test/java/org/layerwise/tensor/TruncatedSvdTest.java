package org.layerwise.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.testing.CancelledProgress;

class TruncatedSvdTest {

    private final TensorEngine engine = Engines.shared();

    /** With singular values and vectors that are known: 100 / (1 + i), or 0.5^i, between two random bases. */
    @ParameterizedTest
    @CsvSource({"70, 60, true", "60, 70, true", "200, 90, false", "12, 80, true"})
    void findsTheLargestValuesAndTheirVectors(int rows, int columns, boolean slow) {
        int live = engine.liveTensors();
        int size = Math.min(rows, columns);
        try (Scope scope = engine.inference()) {
            Tensor left = basis(rows, size, 1);
            Tensor right = basis(columns, size, 2);
            double[] values = new double[size];
            for (int i = 0; i < size; i++) {
                values[i] = slow ? 100.0 / (1 + i) : 100 * Math.pow(0.5, i);
            }
            Tensor matrix =
                    left.mul(engine.of(values, 1, size).to(Engines.device())).matmul(right.transpose());
            Factorizations.Svd svd = TruncatedSvd.of(matrix, 5, Progress.none());
            double[] found = svd.s().doubles();
            double[] atRight = svd.vt().matmul(right).contiguous().doubles();
            double[] atLeft = svd.u().transpose().matmul(left).contiguous().doubles();
            for (int row = 0; row < 5; row++) {
                assertThat(found[row]).isCloseTo(values[row], within(1e-9 * values[row]));
                for (int column = 0; column < size; column++) {
                    double sign = Math.signum(atRight[row * size + row]);
                    double expected = row == column ? sign : 0;
                    assertThat(atRight[row * size + column]).isCloseTo(expected, within(1e-5));
                    assertThat(atLeft[row * size + column]).isCloseTo(expected, within(1e-5));
                }
            }
            double[] vt = svd.vt().doubles();
            for (int row = 0; row < 5; row++) {
                double largest = 0;
                for (int column = 0; column < columns; column++) {
                    double value = vt[row * columns + column];
                    largest = Math.abs(value) > Math.abs(largest) ? value : largest;
                }
                assertThat(largest).isPositive();
            }
        }
        assertThat(engine.liveTensors()).isEqualTo(live);
    }

    /** Values that are nearly equal, and those of zeros, do not keep it from ending. */
    @Test
    void endsOnMatricesOfLowRank() {
        try (Scope scope = engine.inference()) {
            Tensor zeros = engine.zeros(DType.F64, Engines.device(), 80, 70);
            assertThat(TruncatedSvd.of(zeros, 4, Progress.none()).s().doubles()).containsOnly(0);
            Tensor one = basis(80, 1, 3).matmul(basis(70, 1, 4).transpose());
            Factorizations.Svd svd = TruncatedSvd.of(one, 4, Progress.none());
            assertThat(svd.s().doubles()).containsExactly(new double[] {1, 0, 0, 0}, within(1e-12));
            double[] gram = svd.vt().matmul(svd.vt().transpose()).doubles();
            for (int i = 0; i < 16; i++) {
                assertThat(gram[i]).isCloseTo(i % 5 == 0 ? 1 : 0, within(1e-12));
            }
        }
    }

    @Test
    void canBeCancelled() {
        try (Scope scope = engine.inference()) {
            Tensor matrix = basis(80, 70, 5);
            assertThatThrownBy(() -> TruncatedSvd.of(matrix, 4, CancelledProgress.when(() -> true)))
                    .isInstanceOf(CancelledException.class);
        }
    }

    private Tensor basis(int rows, int columns, int seed) {
        double[] values = new Random(seed).doubles((long) rows * columns, -1, 1).toArray();
        return Factorizations.qr(engine.of(values, rows, columns).to(Engines.device()))
                .q();
    }
}
