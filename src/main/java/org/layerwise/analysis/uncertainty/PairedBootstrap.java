package org.layerwise.analysis.uncertainty;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How far a metric of several trainings can be trusted: rows and seeds are drawn anew with replacement (Efron, The Annals of
 * Statistics 7(1), 1979), the same ones for everything that is compared, so that a row that all find hard, or a seed that is
 * bad for all, does not make a difference look uncertain. The same seed gives the same draws on every machine.
 *
 * @param rows that the metric is measured on
 * @param trainings with seeds of their own
 * @param draws how often rows and trainings are drawn
 */
public record PairedBootstrap(int rows, int trainings, int draws, long seed) {

    /** A metric of one training on some of the rows, each as often as it was drawn. */
    @FunctionalInterface
    public interface Metric {
        double of(int training, int[] rows);
    }

    /** @throws IllegalArgumentException if there is nothing to draw from */
    public PairedBootstrap {
        if (rows < 1 || trainings < 1 || draws < 1) {
            throw new IllegalArgumentException(
                    "%s draws of %s rows and %s trainings".formatted(draws, rows, trainings));
        }
    }

    /** The mean over the trainings of each draw, in the order of the draws. */
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

    /** What each draw says of the difference of two metrics: {@code of} less {@code from}. */
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

    /** The percentile interval of draws that holds so much of them. */
    public static Interval interval(double[] replicates, double level) {
        double[] sorted = Arrays.stream(replicates).sorted().toArray();
        return new Interval(Sums.quantile(sorted, (1 - level) / 2), Sums.quantile(sorted, (1 + level) / 2));
    }
}
