package org.layerwise.base;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Values of rows, sorted once, so that the ranks of any subset need no further sorting: a bootstrap draws hundreds of
 * subsets of the same rows. This class is not thread-safe.
 */
public final class RankedRows {

    /** Number of distinct smaller values among all rows, for each row. */
    private final int[] level;

    private final double[] rankOfLevel;

    /** @param values values of all rows, no NaN */
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

    /** Returns the rank of each value, 1 for the smallest, with mean ranks for ties. */
    public static double[] ranks(double[] values) {
        return new RankedRows(values).ranks(IntStream.range(0, values.length).toArray());
    }

    /** Maps negative zero to zero: both zeros are equal, but sorting distinguishes them. */
    private static double unsigned(double value) {
        return value == 0 ? 0 : value;
    }

    /**
     * Returns the ranks among some rows, from 1, with mean ranks for ties.
     *
     * @param rows indices of rows; a row that is named several times counts as often
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
