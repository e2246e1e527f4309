package org.layerwise.data;

import org.layerwise.model.input.TokenBatch;

/**
 * Some rows of a dataset, padded to the longest of them.
 *
 * @param rows which rows of the {@link TokenizedDataset}, in the order of the batch
 * @param tokens their tokens, {@code [rows.length, longest]}
 */
public record Batch(int[] rows, TokenBatch tokens) {

    public Batch {
        if (rows.length != tokens.size()) {
            throw new IllegalArgumentException("a batch needs the index of each of its rows");
        }
        rows = rows.clone();
    }

    /** A copy of the row indices. */
    @Override
    public int[] rows() {
        return rows.clone();
    }
}
