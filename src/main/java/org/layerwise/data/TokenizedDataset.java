package org.layerwise.data;

import java.util.List;
import org.layerwise.base.UserException;

/**
 * Rows of token ids, ready to be batched, in the data's order.
 *
 * @param name short name of the data
 * @param rows the tokens of each row, special tokens included
 * @param labels a label a row, or none
 * @param cutRows how many rows were longer than {@code maxLength} and lost tokens
 * @param maxLength the most tokens that a row may have
 */
public record TokenizedDataset(String name, List<TokenRow> rows, Labels labels, int cutRows, int maxLength) {

    public TokenizedDataset {
        rows = List.copyOf(rows);
        if (!(labels instanceof Labels.None) && labels.size() != rows.size()) {
            throw new IllegalArgumentException("rows and labels must be as many");
        }
    }

    /**
     * Data that were tokenised before, which no tokenizer touches and nothing cuts.
     *
     * @param vocabularySize rows of the model's word embedding
     * @param maxPositions the longest row that the model can take
     * @throws UserException if a token id is outside the vocabulary or a row is too long
     */
    public static TokenizedDataset of(Dataset preTokenised, int vocabularySize, int maxPositions) {
        List<TokenRow> rows = preTokenised.tokenRows();
        for (int row = 0; row < rows.size(); row++) {
            Long outside = rows.get(row).idOutside(vocabularySize);
            if (outside != null) {
                throw new UserException("Token id %d in row %d of %s is outside the model's vocabulary (0 to %d)."
                        .formatted(outside, row + 1, preTokenised.location(), vocabularySize - 1));
            }
            int length = rows.get(row).length();
            if (length > maxPositions) {
                throw new UserException("Row %d of %s has %d tokens, but the model has %d positions; shorten the row."
                        .formatted(row + 1, preTokenised.location(), length, maxPositions));
            }
        }
        return new TokenizedDataset(preTokenised.name(), rows, preTokenised.labels(), 0, maxPositions);
    }

    /**
     * Makes sure that tokenizer and model belong together.
     *
     * @param vocabularySize rows of the model's word embedding
     * @throws UserException if a token id is outside the vocabulary
     */
    public void requireVocabulary(int vocabularySize) {
        for (int row = 0; row < rows.size(); row++) {
            Long outside = rows.get(row).idOutside(vocabularySize);
            if (outside != null) {
                throw new UserException(
                        "The tokenizer gives id %d in row %d of %s, outside the model's vocabulary (0 to %d): its tokenizer.json belongs to another model."
                                .formatted(outside, row + 1, name, vocabularySize - 1));
            }
        }
    }

    /** Number of rows. */
    public int size() {
        return rows.size();
    }
}
