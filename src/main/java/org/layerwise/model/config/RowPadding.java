package org.layerwise.model.config;

/**
 * Padding of rows that are computed together. A row's hidden states must not depend on its neighbours; if the rotary
 * positions adapt to the longest row, long rows are only computed with rows of their own length.
 *
 * @param id token id of padding; padding is masked
 * @param upTo length in tokens of the longest row that may be padded or have others padded to it
 */
public record RowPadding(long id, int upTo) {

    /** Returns true if rows of two lengths may be in one batch. */
    public boolean joins(int shorter, int longer) {
        return longer <= upTo || shorter == longer;
    }
}
