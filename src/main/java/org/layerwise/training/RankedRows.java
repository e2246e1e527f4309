package org.layerwise.training;

import java.util.Arrays;

/**
 * Values of rows, sorted once, so that the ranks of any subset take no further sorting: a bootstrap draws hundreds of subsets of the
 * same rows. Not safe for use by several threads.
 */
public final class RankedRows {

    /** For each row the number of smaller values among all rows, equal ones counted once. */
    private final int[] level;

    private final double[] rankOfLevel;

    /** @param values of all rows, finite */
    public RankedRows(double[] values) {
        double[] levels = Arrays.stream(values)
                .map(RankedRows::unsigned)
                .sorted()
                .distinct()
                .toArray();
        level = Arrays.stream(values)
                .mapToInt(value -> Arrays.binarySearch(levels, unsigned(value)))
                .toArray();
        rankOfLevel = new double[levels.length];
    }

    /** Both zeros are equal, but sorting tells them apart. */
    private static double unsigned(double value) {
        return value == 0 ? 0 : value;
    }

    /**
     * Returns ranks among some rows, from 1, with mean ranks for ties.
     *
     * @param rows each as often as it is named
     */
    public double[] ranks(int[] rows) {
        int[] count = new int[rankOfLevel.length];
        for (int row : rows) {
            count[level[row]]++;
        }
        int before = 0;
        for (int i = 0; i < count.length; i++) {
            rankOfLevel[i] = before + (count[i] + 1) / 2.0;
            before += count[i];
        }
        return Arrays.stream(rows).mapToDouble(row -> rankOfLevel[level[row]]).toArray();
    }
}
