package org.layerwise.model.config;

/**
 * The padding of rows that are computed together. A row's hidden states must not depend on its neighbours; where the rotary
 * positions adapt to the longest row, long rows are only computed with rows of their own length.
 *
 * @param id token that fills shorter rows up; it is masked
 * @param upTo the longest row, in tokens, that may be padded or have others padded to it
 */
public record RowPadding(long id, int upTo) {

    /** Padding of rows of any length. */
    public static RowPadding unlimited(long id) {
        return new RowPadding(id, Integer.MAX_VALUE);
    }

    /** Tells whether rows of two lengths may be in one batch. */
    public boolean joins(int shorter, int longer) {
        return longer <= upTo || shorter == longer;
    }
}
