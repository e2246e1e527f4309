package org.layerwise.analysis.uncertainty;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Statistics;

/**
 * Bootstrap for a metric of several trainings: rows and seeds are resampled with replacement (Efron, The Annals of
 * Statistics 7(1), 1979). All compared methods get the same resamples, so that a row that is hard for all, or a seed
 * that is bad for all, does not make a difference look uncertain. A seed gives the same draws on every machine.
 *
 * @param rows number of rows on which the metric is measured
 * @param trainings number of trainings with different seeds
 * @param draws number of resamples
 */
public record PairedBootstrap(int rows, int trainings, int draws, long seed) {

    /** Maximum share of draws without a value that are left out of an interval. */
    public static final double MOST_WITHOUT_VALUE = 0.05;

    /** Computes a metric of one training on some of the rows, each as often as it was drawn. */
    @FunctionalInterface
    public interface Metric {
        double of(int training, int[] rows);
    }

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the number of rows, trainings or draws is below 1
     */
    public PairedBootstrap {
        if (rows < 1 || trainings < 1 || draws < 1) {
            throw new IllegalArgumentException(
                    "%s draws of %s rows and %s trainings".formatted(draws, rows, trainings));
        }
    }

    /** Returns the mean over the trainings of each draw, in the order of the draws. */
    public double[] replicates(Metric metric) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[draws];
        int[] drawn = new int[rows];
        for (int draw = 0; draw < draws; draw++) {
            for (int i = 0; i < rows; i++) {
                drawn[i] = random.nextInt(rows);
            }
            double sum = 0;
            for (int i = 0; i < trainings; i++) {
                sum += metric.of(random.nextInt(trainings), drawn);
            }
            values[draw] = sum / trainings;
        }
        return values;
    }

    /** Returns the difference of two metrics in each draw: {@code of} minus {@code from}. */
    public static double[] differences(double[] of, double[] from) {
        if (of.length != from.length) {
            throw new IllegalArgumentException("%s and %s draws".formatted(of.length, from.length));
        }
        double[] differences = new double[of.length];
        for (int i = 0; i < of.length; i++) {
            differences[i] = of[i] - from[i];
        }
        return differences;
    }

    /**
     * Returns the percentile interval that contains the share {@code level} of the draws. Draws without a value (NaN),
     * such as the loss of rows of which none has a token to learn, are left out; null if they are more than
     * {@link #MOST_WITHOUT_VALUE} of all, since the interval would be that of other rows.
     */
    public static @Nullable Interval interval(double[] replicates, double level) {
        double[] sorted = Arrays.stream(replicates)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        if (replicates.length - sorted.length > MOST_WITHOUT_VALUE * replicates.length) {
            return null;
        }
        return new Interval(Statistics.quantile(sorted, (1 - level) / 2), Statistics.quantile(sorted, (1 + level) / 2));
    }
}
