package org.layerwise.data.batch;

import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.input.TokenBatch;

/**
 * Rows of a dataset, padded to the length of the longest row.
 *
 * @param rows indices of the rows in the {@link TokenizedDataset}, in the order of the batch
 * @param tokens tokens of the rows, {@code [rows.length, longest]}
 */
public record Batch(int[] rows, TokenBatch tokens) {

    public Batch {
        if (rows.length != tokens.size()) {
            throw new IllegalArgumentException("a batch needs the index of each of its rows");
        }
        rows = rows.clone();
    }

    /** Returns a copy of the row indices. */
    @Override
    public int[] rows() {
        return rows.clone();
    }
}
