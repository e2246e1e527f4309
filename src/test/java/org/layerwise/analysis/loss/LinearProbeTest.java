package org.layerwise.analysis.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.Matrix;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Engines;

/** A fit against its own objective, written out with loops: no step in any parameter makes it smaller. */
class LinearProbeTest {

    private static final int ROWS = 60;
    private static final int WIDTH = 5;
    private static final double STEP = 1e-3;

    private final Random random = new Random(7);
    private final Matrix x = matrix();

    private Matrix matrix() {
        float[] values = new float[ROWS * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * (1 + i % WIDTH) + i % 3);
        }
        return new Matrix(ROWS, WIDTH, values);
    }

    @Test
    void classesHaveTheSmallestPenalisedCrossEntropy() {
        int[] classes = IntStream.range(0, ROWS)
                .map(row -> x.at(row, 0) + random.nextGaussian() > 0.5 ? 2 : x.at(row, 4) > 1 ? 1 : 0)
                .toArray();
        LinearProbe probe = LinearProbe.ofClasses(Engines.shared(), x, classes, 3, Progress.none());
        requireBest(probe, other -> {
            double sum = 0;
            for (int row = 0; row < ROWS; row++) {
                double normaliser = 0;
                for (int output = 0; output < 3; output++) {
                    normaliser += Math.exp(output(other, row, output));
                }
                sum += Math.log(normaliser) - output(other, row, classes[row]);
            }
            return sum / ROWS;
        });
        long right = IntStream.range(0, ROWS)
                .filter(row ->
                        IntStream.range(0, 3).allMatch(i -> output(probe, row, i) <= output(probe, row, classes[row])))
                .count();
        assertThat(right).isGreaterThan(ROWS * 2 / 3);
    }

    @Test
    void numbersHaveTheSmallestPenalisedSquares() {
        double[] numbers = IntStream.range(0, ROWS)
                .mapToDouble(row -> 3 * x.at(row, 1) - x.at(row, 3) + 100 + random.nextGaussian())
                .toArray();
        LinearProbe probe = LinearProbe.ofNumbers(Engines.shared(), x, numbers, Progress.none());
        double mean = IntStream.range(0, ROWS).mapToDouble(row -> numbers[row]).sum() / ROWS;
        double variance = IntStream.range(0, ROWS)
                        .mapToDouble(row -> (numbers[row] - mean) * (numbers[row] - mean))
                        .sum()
                / ROWS;
        // the fit is to numbers of variance 1 and mean 0
        LinearProbe scaled = new LinearProbe(
                1,
                IntStream.range(0, WIDTH)
                        .mapToDouble(i -> probe.weights()[i] / Math.sqrt(variance))
                        .toArray(),
                new double[] {(probe.bias()[0] - mean) / Math.sqrt(variance)},
                probe.penalty());
        requireBest(
                scaled,
                other -> IntStream.range(0, ROWS)
                                .mapToDouble(row -> output(other, row, 0) - (numbers[row] - mean) / Math.sqrt(variance))
                                .map(apart -> apart * apart)
                                .sum()
                        / ROWS);
        assertThat(probe.weights()[1]).isCloseTo(3, within(0.3));
        assertThat(probe.penalty()).isLessThan(0.1);
    }

    @Test
    void noiseChoosesTheLargestPenalty() {
        int[] classes = IntStream.range(0, ROWS).map(row -> random.nextInt(2)).toArray();
        LinearProbe probe = LinearProbe.ofClasses(Engines.shared(), x, classes, 2, Progress.none());
        assertThat(probe.penalty()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void aConstantDimensionHasNoWeight() {
        float[] values = x.values().clone();
        for (int row = 0; row < ROWS; row++) {
            values[row * WIDTH + 2] = 4;
        }
        int[] classes =
                IntStream.range(0, ROWS).map(row -> x.at(row, 0) > 0 ? 1 : 0).toArray();
        LinearProbe probe =
                LinearProbe.ofClasses(Engines.shared(), new Matrix(ROWS, WIDTH, values), classes, 2, Progress.none());
        assertThat(probe.weights()[2]).isCloseTo(0, within(1e-9));
    }

    private double output(LinearProbe probe, int row, int output) {
        double sum = probe.bias()[output];
        for (int column = 0; column < WIDTH; column++) {
            sum += probe.weights()[output * WIDTH + column] * x.at(row, column);
        }
        return sum;
    }

    private void requireBest(LinearProbe probe, ToDoubleFunction<LinearProbe> loss) {
        double best = loss.applyAsDouble(probe) + penalty(probe);
        for (int output = 0; output < probe.outputs(); output++) {
            for (int at = 0; at <= WIDTH; at++) {
                for (double step : new double[] {-STEP, STEP}) {
                    double[] weights = probe.weights().clone();
                    double[] bias = probe.bias().clone();
                    if (at == WIDTH) {
                        bias[output] += step;
                    } else {
                        weights[output * WIDTH + at] += step;
                    }
                    LinearProbe other = new LinearProbe(probe.outputs(), weights, bias, probe.penalty());
                    assertThat(loss.applyAsDouble(other) + penalty(other)).isGreaterThan(best);
                }
            }
        }
    }

    /** The penalty of weights and bias for dimensions of mean 0 and variance 1. */
    private double penalty(LinearProbe probe) {
        double sum = 0;
        for (int output = 0; output < probe.outputs(); output++) {
            double bias = probe.bias()[output];
            for (int column = 0; column < WIDTH; column++) {
                int of = column;
                double mean = IntStream.range(0, ROWS)
                                .mapToDouble(row -> x.at(row, of))
                                .sum()
                        / ROWS;
                double variance = IntStream.range(0, ROWS)
                                .mapToDouble(row -> (x.at(row, of) - mean) * (x.at(row, of) - mean))
                                .sum()
                        / ROWS;
                double weight = probe.weights()[output * WIDTH + column];
                sum += weight * weight * variance;
                bias += weight * mean;
            }
            sum += bias * bias;
        }
        return probe.penalty() / 2 * sum;
    }
}
