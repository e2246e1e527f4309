package org.layerwise.study.experiment.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.Seeds;
import org.layerwise.base.Statistics;

/**
 * Intervals for the differences of several arms from one baseline that all hold together with the given confidence
 * (max-t; Westfall and Young 1993; Dunnett 1955 for equal variances).
 *
 * <p>Each is the t interval of the arm's own standard error and degrees of freedom, at the level of single intervals at
 * which all hold together. That level is found by draws of the largest |t| of normal differences over as many seeds, with
 * variances estimated anew in each draw. The draws have the observed correlations of the arms over the n seeds, shrunk by
 * 2/(n - 1) towards 0, wholly for three or fewer, since those of few seeds look too high; independent arms have the
 * widest intervals. Arms with a single seed have Bonferroni's level. Arms with {@linkplain PairedDifference#isSameAs the same
 * results}, since they train the same adapters, are one comparison.
 */
public final class SimultaneousIntervals {

    /** Number of draws of the largest t. */
    static final int DRAWS = 20_000;

    /** Level of the quantile that makes arms with different numbers of seeds comparable. */
    private static final double SCALE = 0.05;

    private static final double SHRINKAGE = 2;

    private final List<PairedDifference> differences;

    /** Index of the first arm with the same results, for each arm. */
    private final int[] first;

    private final int[] family;
    private final int[] drawn;
    private final double[] largest;

    private SimultaneousIntervals(List<PairedDifference> differences, int draws, long seed) {
        this.differences = List.copyOf(differences);
        first = IntStream.range(0, differences.size())
                .map(arm -> IntStream.range(0, arm)
                        .filter(earlier -> differences.get(arm).isSameAs(differences.get(earlier)))
                        .findFirst()
                        .orElse(arm))
                .toArray();
        family = IntStream.range(0, differences.size())
                .filter(arm -> first[arm] == arm && differences.get(arm).hasInterval())
                .toArray();
        drawn = Arrays.stream(family)
                .filter(arm -> differences.get(arm).seeds() > 1)
                .toArray();
        largest = drawn.length == 0 ? new double[0] : largest(draws, new Random(Seeds.of(seed)));
    }

    /**
     * Computes the intervals of a family.
     *
     * @param differences differences from one baseline, with the same seeds in the same order
     * @param seed seed of the draws; the same seed gives the same intervals on every machine
     */
    public static SimultaneousIntervals of(List<PairedDifference> differences, long seed) {
        return new SimultaneousIntervals(differences, DRAWS, seed);
    }

    /** As {@link #of(List, long)}, with another number of draws. */
    static SimultaneousIntervals of(List<PairedDifference> differences, int draws, long seed) {
        return new SimultaneousIntervals(differences, draws, seed);
    }

    /** Returns the largest |t| of each draw, in units of the arm's two-sided 5 % quantile; ascending. */
    private double[] largest(int draws, Random random) {
        List<double[]> bySeed = Arrays.stream(drawn)
                .mapToObj(arm -> differences.get(arm).bySeed())
                .toList();
        double[] quantiles =
                Arrays.stream(drawn).mapToDouble(this::quantileOfSeeds).toArray();
        int seeds = bySeed.get(0).length;
        ShrunkCorrelation correlation = new ShrunkCorrelation(bySeed, Math.min(1, SHRINKAGE / (seeds - 1)));
        double[][] values = new double[seeds][drawn.length];
        double[] largest = new double[draws];
        for (int draw = 0; draw < draws; draw++) {
            for (double[] seed : values) {
                correlation.draw(random, seed);
            }
            for (int k = 0; k < drawn.length; k++) {
                largest[draw] = Math.max(largest[draw], Math.abs(t(values, k, bySeed.get(k))) / quantiles[k]);
            }
        }
        Arrays.sort(largest);
        return largest;
    }

    private double quantileOfSeeds(int arm) {
        return StudentT.twoSidedQuantile(SCALE, differences.get(arm).seeds() - 1.0);
    }

    /** Returns the t statistic of one arm over the seeds that it has. */
    private static double t(double[][] values, int arm, double[] bySeed) {
        double sum = 0;
        double squares = 0;
        int seeds = 0;
        for (int seed = 0; seed < bySeed.length; seed++) {
            if (!Double.isNaN(bySeed[seed])) {
                double value = values[seed][arm];
                sum += value;
                squares += value * value;
                seeds++;
            }
        }
        double mean = sum / seeds;
        return mean / Math.sqrt(Math.max(0, squares - sum * mean) / (seeds - 1) / seeds);
    }

    /** Returns the number of comparisons with an interval. */
    public int size() {
        return family.length;
    }

    /**
     * Returns the interval of an arm; null if its spread is unknown.
     *
     * @param arm index of the arm among the differences
     * @param level confidence of all intervals together, such as 0.95
     */
    public @Nullable Interval interval(int arm, double level) {
        PairedDifference difference = differences.get(arm);
        if (!difference.hasInterval()) {
            return null;
        }
        if (family.length == 1) {
            return difference.interval(level);
        }
        if (difference.seeds() < 2) {
            return difference.interval(1 - (1 - level) / family.length);
        }
        double together = Statistics.quantile(largest, level) * quantileOfSeeds(arm);
        return difference.interval(1 - StudentT.twoSidedP(together, difference.seeds() - 1.0));
    }

    /**
     * Returns Holm's p-values of the t tests against 0, adjusted for the number of comparisons, one per arm; NaN without an interval.
     */
    public double[] holm() {
        double[] compared = Holm.adjusted(Arrays.stream(family)
                .mapToDouble(arm -> differences.get(arm).p())
                .toArray());
        double[] adjusted = new double[first.length];
        for (int arm = 0; arm < adjusted.length; arm++) {
            int at = Arrays.binarySearch(family, first[arm]);
            adjusted[arm] = at < 0 ? Double.NaN : compared[at];
        }
        return adjusted;
    }
}
