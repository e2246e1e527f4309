package org.layerwise.data.token;

import java.util.List;

/**
 * Suggested maximum number of tokens per row, for data of which rows are cut.
 *
 * @param tokens the suggested maximum
 * @param counted number of rows whose whole lengths were counted
 * @param share share of these rows that fit, 0 to 1
 */
public record LimitSuggestion(int tokens, int counted, double share) {

    /** Share of rows that may be cut without a suggestion, and that may be cut at a suggested maximum. */
    public static final double CUT = 0.05;

    /** Suggestions are multiples of this number of tokens, unless the model takes fewer. */
    public static final int STEP = 32;

    /**
     * Returns the least maximum at which at least 95 % of the rows fit.
     *
     * @param lengths tokens of whole rows, at least one row
     * @param most tokens of the longest row that the model takes
     */
    public static LimitSuggestion of(List<Integer> lengths, int most) {
        int[] sorted = lengths.stream().mapToInt(Integer::intValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no rows to count");
        }
        int cut = (int) Math.floor(CUT * sorted.length);
        int fitting = sorted[sorted.length - 1 - cut];
        int tokens = (int) Math.min(most, (fitting + STEP - 1L) / STEP * STEP);
        long fit = lengths.stream().filter(length -> length <= tokens).count();
        return new LimitSuggestion(tokens, sorted.length, (double) fit / sorted.length);
    }
}
