package org.layerwise.study.experiment.statistics;

import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Power of comparisons of arms with one baseline over shared seeds: the probability that the interval of a comparison
 * excludes 0 if the arms differ. Each comparison has a two-sided paired t test at the level that Bonferroni's correction
 * gives it, which is nearly that of the simultaneous intervals of {@link SimultaneousIntervals} and never above it.
 *
 * @param comparisons number of arms that are compared with the baseline
 * @param level confidence level of all intervals together, such as 0.95
 * @param power probability with which a difference should be seen, such as 0.8
 */
public record PairedPower(int comparisons, double level, double power) {

    /** Number of seeds up to which {@link #seeds} looks. */
    public static final int MOST_SEEDS = 1000;

    /** Number of rows up to which {@link #rows} looks. */
    public static final int MOST_ROWS = 100_000_000;

    private static final double PRECISION = 1e-10;

    public PairedPower {
        if (comparisons < 1 || !(level > 0 && level < 1 && power > 1 - level && power < 1)) {
            throw new IllegalArgumentException(
                    "%s comparisons, level %s, power %s".formatted(comparisons, level, power));
        }
    }

    /** Returns 80 % power for 95 % intervals. */
    public static PairedPower usual(int comparisons) {
        return new PairedPower(comparisons, 0.95, 0.8);
    }

    /**
     * Returns the probability that the interval of a comparison excludes 0.
     *
     * @param spread spread of the difference
     * @param seeds number of seeds, at least 2
     * @param rows number of measured rows; without importance if the spread over rows is 0
     * @param difference true difference, in units of the metric
     */
    public double of(DifferenceSpread spread, int seeds, int rows, double difference) {
        if (seeds < 2 || rows < 1) {
            throw new IllegalArgumentException("%s seeds, %s rows".formatted(seeds, rows));
        }
        double ofSeeds = spread.seeds() * spread.seeds() / seeds;
        double ofRows = spread.rows() * spread.rows() / rows;
        double variance = ofSeeds + ofRows;
        if (variance == 0) {
            return difference == 0 ? 0 : 1;
        }
        // Satterthwaite's, with the variance over rows known
        double degrees = (seeds - 1) * (variance / ofSeeds) * (variance / ofSeeds);
        return StudentT.noncentralBeyond(
                StudentT.twoSidedQuantile((1 - level) / comparisons, degrees),
                Math.abs(difference) / Math.sqrt(variance),
                degrees);
    }

    /**
     * Returns the number of seeds that a difference needs to be seen with the wanted power; empty if
     * {@link #MOST_SEEDS} are not enough, such as where the rows are too few.
     */
    public OptionalInt seeds(DifferenceSpread spread, int rows, double difference) {
        return least(2, MOST_SEEDS, seeds -> of(spread, seeds, rows, difference) >= power);
    }

    /**
     * Returns the number of rows that a difference needs to be seen with the wanted power; empty if {@link #MOST_ROWS}
     * are not enough, such as where the seeds are too few. The part of the spread over seeds that comes from few
     * measured rows is taken to stay as it is.
     */
    public OptionalInt rows(DifferenceSpread spread, int seeds, double difference) {
        return least(1, MOST_ROWS, rows -> of(spread, seeds, rows, difference) >= power);
    }

    private static OptionalInt least(int from, int to, IntPredicate enough) {
        if (!enough.test(to)) {
            return OptionalInt.empty();
        }
        int low = from;
        int high = to;
        while (low < high) {
            int middle = low + (high - low) / 2;
            if (enough.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return OptionalInt.of(low);
    }

    /** Returns the smallest difference that is seen with the wanted power, in units of the metric. */
    public double smallestDifference(DifferenceSpread spread, int seeds, int rows) {
        if (spread.seeds() == 0 && spread.rows() == 0) {
            return 0;
        }
        double low = 0;
        double high = Math.max(spread.seeds(), spread.rows());
        while (of(spread, seeds, rows, high) < power) {
            high *= 2;
        }
        while (high - low > PRECISION * high) {
            double middle = (low + high) / 2;
            if (of(spread, seeds, rows, middle) >= power) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }
}
