package org.layerwise.study.experiment.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.Statistics;

/**
 * Difference of an arm from a baseline over shared seeds, with its standard error; or, with a baseline of zeros, the
 * mean of an arm.
 *
 * <p>Seeds and, where values of rows are known, rows are random and crossed: all seeds are measured on the same rows.
 * The variance of the mean is then max(s², e/m)/n + max(0, v - e/n)/m, where s² is the variance over the n seeds, v that
 * of the means of the m rows over the seeds, and e the residual variance, which s² holds already (the random-effects
 * model of Dorfman, Berbaum and Metz, Investigative Radiology 27(9), 1992, with seeds as readers and rows as cases; the
 * first maximum is ours: s² of few seeds is often smaller than e/m, which it cannot be). Degrees of freedom are
 * Satterthwaite's (Biometrics Bulletin 2(6), 1946). Without values of rows it is a paired t statistic.
 */
public final class PairedDifference {

    private static final double ROUNDING = 1e-12;

    private final double[] bySeed;
    private final double mean;
    private final double variance;
    private final double ofSeeds;
    private final double ofRows;
    private final double degreesOfFreedom;
    private final int rows;

    private PairedDifference(double[] bySeed, double @Nullable [] @Nullable [] byRow) {
        this.bySeed = bySeed.clone();
        List<Double> known = known(bySeed);
        int seeds = known.size();
        mean = Statistics.mean(known);
        double spread = spread(known);
        double ofMeans = seeds < 2 ? 0 : spread * spread / seeds;
        double[] effects = byRow == null || seeds == 0 ? new double[0] : rowEffects(byRow);
        rows = effects.length;
        if (byRow == null || rows < 2) {
            ofSeeds = ofMeans;
            ofRows = 0;
        } else {
            double residual = seeds < 2 ? 0 : residual(byRow, effects) / (seeds - 1) / seeds / rows;
            double squares =
                    Arrays.stream(effects).map(effect -> effect * effect).sum();
            ofSeeds = Math.max(ofMeans, residual);
            ofRows = Math.max(0, squares / (rows - 1) / rows - residual);
        }
        variance = seeds == 0 || !Double.isFinite(mean) ? Double.NaN : ofSeeds + ofRows;
        degreesOfFreedom = variance
                * variance
                / (ofSeeds * ofSeeds / Math.max(1, seeds - 1) + ofRows * ofRows / Math.max(1, rows - 1));
    }

    /**
     * Creates a difference of which only the seeds are known.
     *
     * @param bySeed difference for each seed; NaN for a seed that one of the arms lacks
     */
    public static PairedDifference ofSeeds(double... bySeed) {
        return new PairedDifference(bySeed, null);
    }

    /**
     * Creates a difference of which rows are known, too.
     *
     * @param bySeed difference for each seed; NaN for a seed that one of the arms lacks
     * @param byRow differences of the row's values [seeds, rows], or pseudo-values of groups of rows; their mean over
     *     the rows need not be that of the seed, only their spread counts. Seeds without a difference are not read
     */
    public static PairedDifference ofSeedsAndRows(double[] bySeed, double[][] byRow) {
        if (bySeed.length != byRow.length) {
            throw new IllegalArgumentException("%s and %s seeds".formatted(bySeed.length, byRow.length));
        }
        return new PairedDifference(bySeed, byRow);
    }

    private static List<Double> known(double[] values) {
        return Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .boxed()
                .toList();
    }

    /** Returns the standard deviation; 0 where the values differ by rounding only. */
    private static double spread(List<Double> values) {
        double spread = Statistics.spread(values);
        double largest = values.stream().mapToDouble(Math::abs).max().orElse(0);
        return spread <= ROUNDING * largest ? 0 : spread;
    }

    private List<double[]> knownRows(double[][] byRow) {
        List<double[]> known = new ArrayList<>();
        for (int seed = 0; seed < byRow.length; seed++) {
            if (!Double.isNaN(bySeed[seed])) {
                known.add(byRow[seed]);
            }
        }
        return known;
    }

    /** Returns the mean of each row over the seeds, less the mean over all rows. */
    private double[] rowEffects(double[][] byRow) {
        List<double[]> known = knownRows(byRow);
        double[] means = new double[known.get(0).length];
        for (double[] seed : known) {
            for (int row = 0; row < means.length; row++) {
                means[row] += seed[row] / known.size();
            }
        }
        double centre = Arrays.stream(means).average().orElse(0);
        return Arrays.stream(means).map(value -> value - centre).toArray();
    }

    /** Returns the sum of squares of what neither seed nor row explains, by the rows less one. */
    private double residual(double[][] byRow, double[] effects) {
        double squares = 0;
        for (double[] seed : knownRows(byRow)) {
            double centre = Arrays.stream(seed).average().orElse(0);
            for (int row = 0; row < seed.length; row++) {
                double rest = seed[row] - centre - effects[row];
                squares += rest * rest;
            }
        }
        return squares / (effects.length - 1);
    }

    /** Returns the mean over the seeds that both arms have; NaN if there is none. */
    public double mean() {
        return mean;
    }

    /** Returns the number of seeds that both arms have. */
    public int seeds() {
        return known(bySeed).size();
    }

    /** Returns the difference for each seed; NaN for a seed that one of the arms lacks. */
    public double[] bySeed() {
        return bySeed.clone();
    }

    /** Returns true if the spread is known and not 0, so that there is an interval. */
    public boolean hasInterval() {
        return variance > 0;
    }

    /** Returns the standard error of the mean; NaN without a value, 0 if no spread is known. */
    public double standardError() {
        return Math.sqrt(variance);
    }

    /** Returns the degrees of freedom of the standard error; NaN without an interval. */
    public double degreesOfFreedom() {
        return degreesOfFreedom;
    }

    /**
     * Returns true if another difference is the same of each seed and in what its rows add, as that of an arm which trains the same adapters.
     * Without rows it is false, since metrics of few rows can be equal by chance.
     */
    boolean isSameAs(PairedDifference other) {
        return rows > 1
                && rows == other.rows
                && Arrays.equals(bySeed, other.bySeed)
                && variance == other.variance
                && degreesOfFreedom == other.degreesOfFreedom;
    }

    /** Returns the sources of variation of the standard error. */
    public Coverage coverage() {
        return seeds() < 2 ? Coverage.ROWS : rows > 1 ? Coverage.SEEDS_AND_ROWS : Coverage.SEEDS;
    }

    /** Returns the two-sided p-value of the t test against 0; NaN without an interval. */
    public double p() {
        return hasInterval() ? StudentT.twoSidedP(mean / standardError(), degreesOfFreedom) : Double.NaN;
    }

    /** Returns the t interval at a level, of this difference alone; null if the spread is unknown. */
    public @Nullable Interval interval(double level) {
        if (!hasInterval()) {
            return null;
        }
        double half = StudentT.twoSidedQuantile(1 - level, degreesOfFreedom) * standardError();
        return new Interval(mean - half, mean + half);
    }

    /**
     * Returns the spread over seeds and rows, for planning; null for fewer than two seeds.
     *
     * @param rows number of measured rows
     */
    public @Nullable DifferenceSpread spread(int rows) {
        return seeds() < 2
                ? null
                : new DifferenceSpread(Math.sqrt(ofSeeds * seeds()), seeds() - 1, Math.sqrt(ofRows * rows));
    }

    /** Returns the part of the variance of the mean that comes from the seeds. */
    double varianceOfSeeds() {
        return ofSeeds;
    }

    /** Returns the part of the variance of the mean that comes from the rows alone. */
    double varianceOfRows() {
        return ofRows;
    }
}
