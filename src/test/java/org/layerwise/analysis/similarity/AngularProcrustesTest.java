package org.layerwise.analysis.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Engines;

/**
 * Angles of any size have the error of a sum in float64. The second of two representations is the first plus a multiple t of a third,
 * which is orthogonal to it, so that the angle is exactly {@code atan(t ||Z|| / ||X||)}.
 */
class AngularProcrustesTest {

    private static final int ROWS = 8;

    private final Random random = new Random(5);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 8, 16, 20})
    void anglesOfAnySizeAreExact(int halvings) {
        double times = Math.pow(2, -halvings);
        for (int width : new int[] {1, 3, 12}) {
            double[][] x = centredInts(0, width);
            double[][] z = centredInts(ROWS / 2, width);
            double[][] y = new double[ROWS][width];
            double[][] wider = new double[ROWS][width + 2];
            for (int row = 0; row < ROWS; row++) {
                for (int column = 0; column < width; column++) {
                    y[row][column] = x[row][column] + times * z[row][column];
                    wider[row][column] = y[row][column];
                }
            }
            double expected = Math.atan(times * Plain.norm(z) / Plain.norm(x));
            assertThat(angle(x, y)).isCloseTo(expected, within(1e-14));
            assertThat(angle(y, x)).isCloseTo(expected, within(1e-14));
            assertThat(angle(x, wider)).isCloseTo(expected, within(1e-14));
            assertThat(angle(wider, x)).isCloseTo(expected, within(1e-14));
        }
    }

    /** Whole numbers in half of the rows, of mean zero in each column. */
    private double[][] centredInts(int first, int width) {
        double[][] matrix = new double[ROWS][width];
        int last = first + ROWS / 2 - 1;
        for (int column = 0; column < width; column++) {
            for (int row = first; row < last; row++) {
                matrix[row][column] = 1 + random.nextInt(9);
                matrix[last][column] -= matrix[row][column];
            }
        }
        return matrix;
    }

    private static double angle(double[][] x, double[][] y) {
        return AngularProcrustes.angle(AngularProcrustes.MEASURE
                .with(MeasureOptions.DEFAULTS, Engines.shared())
                .between(Layers.of(x), Layers.of(y), Engines.device(), Progress.none())
                .value(0, 0)
                .orElseThrow());
    }
}
