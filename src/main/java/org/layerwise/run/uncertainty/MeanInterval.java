package org.layerwise.run.uncertainty;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.layerwise.analysis.uncertainty.Interval;

/**
 * 95 % interval of a weighted mean of values that are 0 or above: a t interval after Hall's transformation, which
 * removes the skewness (Hall, Journal of the Royal Statistical Society B 54(1), 1992). Losses are skewed: most are
 * small, and a few are large.
 */
final class MeanInterval {

    /** 97.5 % quantile of the standard normal distribution. */
    private static final double Z = 1.959963984540054;

    private static final double NO_SKEWNESS = 1e-4;

    private MeanInterval() {}

    /**
     * Computes the interval.
     *
     * @param weights weights of the values, above 0
     * @throws IllegalArgumentException if there are fewer than two values
     */
    static Interval of(double[] values, double[] weights) {
        int n = values.length;
        if (n < 2) {
            throw new IllegalArgumentException("%s values".formatted(n));
        }
        double weight = Arrays.stream(weights).sum();
        double mean =
                IntStream.range(0, n).mapToDouble(i -> values[i] * weights[i]).sum() / weight;
        double squares = 0;
        double cubes = 0;
        for (int i = 0; i < n; i++) {
            double influence = weights[i] * n / weight * (values[i] - mean);
            squares += influence * influence;
            cubes += influence * influence * influence;
        }
        if (squares == 0) {
            return new Interval(mean, mean);
        }
        double deviation = Math.sqrt(squares / n);
        double skewness = cubes / n / (deviation * deviation * deviation);
        double standard = Math.sqrt(squares / (n - 1));
        double t = quantile(n - 1) / Math.sqrt(n);
        double low = mean - standard * original(t, skewness, n);
        double high = mean - standard * original(-t, skewness, n);
        return new Interval(Math.min(mean, Math.max(0, low)), Math.max(mean, high));
    }

    /** Returns the studentized mean whose transformed value is {@code t}. */
    private static double original(double t, double skewness, int n) {
        double unbiased = t - skewness / (6 * n);
        return Math.abs(skewness) < NO_SKEWNESS
                ? unbiased
                : (StrictMath.cbrt(1 + skewness * unbiased) - 1) * 3 / skewness;
    }

    /** Returns the 97.5 % quantile of Student's t, by its expansion; the error is below 0.001 from 15 degrees on. */
    private static double quantile(int degrees) {
        double cube = Z * Z * Z;
        return Z + (cube + Z) / (4 * degrees) + (5 * cube * Z * Z + 16 * cube + 3 * Z) / (96.0 * degrees * degrees);
    }
}
