package org.layerwise.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a tokenised dataset looks like at a glance.
 *
 * @param rows number of rows
 * @param shortest tokens of the shortest row
 * @param median tokens of the middle row by length (the lower one of two)
 * @param longest tokens of the longest row
 * @param cutShare share of rows that lost tokens, 0 to 1
 * @param labelCounts how often each label occurs, in the order of the classes; empty where labels are not classes
 */
public record DataSummary(
        int rows, int shortest, int median, int longest, double cutShare, Map<String, Integer> labelCounts) {

    public DataSummary {
        labelCounts = Collections.unmodifiableMap(new LinkedHashMap<>(labelCounts));
    }

    /**
     * Counts.
     *
     * @throws IllegalArgumentException if there are no rows
     */
    public static DataSummary of(TokenizedDataset data) {
        int[] lengths = data.rows().stream().mapToInt(TokenRow::length).sorted().toArray();
        if (lengths.length == 0) {
            throw new IllegalArgumentException("no rows to count");
        }
        return new DataSummary(
                lengths.length,
                lengths[0],
                lengths[(lengths.length - 1) / 2],
                lengths[lengths.length - 1],
                (double) data.cutRows() / lengths.length,
                data.labels().counts());
    }
}
