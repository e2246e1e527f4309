package org.layerwise.study.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.study.experiment.statistics.PairedDifference;

/**
 * Values of the compared metric of one arm.
 *
 * @param bySeed value for each seed
 * @param byRow pseudo-values of groups of rows for each seed; null if the metric cannot be computed of some of the rows
 */
record ArmValues(Map<Long, Double> bySeed, @Nullable Map<Long, double[]> byRow) {

    /** Returns the seeds that some arm has, ascending. */
    static SortedSet<Long> seeds(List<ArmValues> arms) {
        SortedSet<Long> seeds = new TreeSet<>();
        arms.forEach(arm -> seeds.addAll(arm.bySeed.keySet()));
        return seeds;
    }

    /** Returns the value of a seed; NaN if there is none. */
    double value(long seed) {
        return bySeed.getOrDefault(seed, Double.NaN);
    }

    private double @Nullable [] rows(long seed) {
        return byRow == null ? null : byRow.get(seed);
    }

    /**
     * Returns the difference from a baseline.
     *
     * @param seeds seeds of the difference, in their order; those that one of the two lacks are NaN
     * @param withRows true to count the rows, which both must have
     */
    PairedDifference minus(ArmValues baseline, SortedSet<Long> seeds, boolean withRows) {
        List<double[]> differences = new ArrayList<>();
        double[] values = new double[seeds.size()];
        int at = 0;
        for (long seed : seeds) {
            values[at++] = value(seed) - baseline.value(seed);
            double @Nullable [] mine = rows(seed);
            double @Nullable [] theirs = baseline.rows(seed);
            double[] difference = new double[mine == null || theirs == null ? 0 : mine.length];
            if (mine != null && theirs != null) {
                for (int row = 0; row < difference.length; row++) {
                    difference[row] = mine[row] - theirs[row];
                }
            }
            differences.add(difference);
        }
        return withRows
                ? PairedDifference.ofSeedsAndRows(values, differences.toArray(double[][]::new))
                : PairedDifference.ofSeeds(values);
    }

    /** Returns the mean of this arm, as a difference from nothing. */
    PairedDifference mean() {
        SortedSet<Long> seeds = seeds(List.of(this));
        double[] values = new double[seeds.size()];
        List<double[]> rows = new ArrayList<>();
        int at = 0;
        for (long seed : seeds) {
            values[at++] = value(seed);
            double @Nullable [] own = rows(seed);
            rows.add(own == null ? new double[0] : own);
        }
        return byRow == null
                ? PairedDifference.ofSeeds(values)
                : PairedDifference.ofSeedsAndRows(values, rows.toArray(double[][]::new));
    }
}
