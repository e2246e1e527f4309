package org.layerwise.data.token;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.TokenRow;

/**
 * Summary of a tokenised dataset.
 *
 * @param shortest tokens of the shortest row
 * @param median tokens of the median row by length (the lower one of two)
 * @param longest tokens of the longest row
 * @param cutShare share of rows that lost tokens, 0 to 1
 * @param lengths tokens of each row, in row order
 * @param suggestion a larger maximum number of tokens per row; null if none was looked for or the model takes no more
 */
public record DataSummary(
        int shortest,
        int median,
        int longest,
        double cutShare,
        List<Integer> lengths,
        @Nullable LimitSuggestion suggestion) {

    /**
     * Bin of rows of similar length.
     *
     * @param from the fewest tokens
     * @param to the most tokens, included
     * @param rows number of rows
     */
    public record Bin(int from, int to, int rows) {}

    public DataSummary {
        lengths = List.copyOf(lengths);
    }

    /**
     * Counts the tokens of the rows of a dataset.
     *
     * @throws IllegalArgumentException if there are no rows
     */
    public static DataSummary of(TokenizedDataset data) {
        int[] lengths = data.rows().stream().mapToInt(TokenRow::length).sorted().toArray();
        if (lengths.length == 0) {
            throw new IllegalArgumentException("no rows to count");
        }
        return new DataSummary(
                lengths[0],
                lengths[(lengths.length - 1) / 2],
                lengths[lengths.length - 1],
                (double) data.cutRows() / lengths.length,
                data.rows().stream().map(TokenRow::length).toList(),
                null);
    }

    /** Returns true if so many rows are cut that a larger maximum is worth a suggestion. */
    public boolean cutsMany() {
        return cutShare > LimitSuggestion.CUT;
    }

    /** Returns this summary with a suggestion. */
    public DataSummary with(LimitSuggestion other) {
        return new DataSummary(shortest, median, longest, cutShare, lengths, other);
    }

    /**
     * Returns a histogram of the lengths, from the shortest row to the longest, in at most {@code most} bins of equal
     * width.
     */
    public List<Bin> histogram(int most) {
        int width = Math.max(1, (int) Math.ceil((longest - shortest + 1) / (double) most));
        int[] counts = new int[(longest - shortest) / width + 1];
        lengths.forEach(length -> counts[(length - shortest) / width]++);
        List<Bin> bins = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            int from = shortest + i * width;
            bins.add(new Bin(from, Math.min(longest, from + width - 1), counts[i]));
        }
        return bins;
    }
}
