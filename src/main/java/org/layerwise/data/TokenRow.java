package org.layerwise.data;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one example, special tokens included, without padding.
 *
 * @param ids token ids, at least one
 * @param typeIds segment of each token (HuggingFace's {@code token_type_ids}); null where all are 0
 */
public record TokenRow(long[] ids, long @Nullable [] typeIds) {

    public TokenRow {
        if (ids.length == 0 || (typeIds != null && typeIds.length != ids.length)) {
            throw new IllegalArgumentException("a row needs tokens, and as many type ids as tokens");
        }
        ids = ids.clone();
        typeIds = typeIds == null ? null : typeIds.clone();
    }

    /** Number of tokens. */
    public int length() {
        return ids.length;
    }

    /** A copy of the token ids. */
    @Override
    public long[] ids() {
        return ids.clone();
    }

    /** A copy of the type ids; null where all are 0. */
    @Override
    public long @Nullable [] typeIds() {
        return typeIds == null ? null : typeIds.clone();
    }

    /** Writes this row into the arrays of a batch, whose type ids and mask are 0 so far, from {@code offset} on. */
    void copyTo(long[] batchIds, long[] batchTypeIds, long[] batchMask, int offset) {
        System.arraycopy(ids, 0, batchIds, offset, ids.length);
        if (typeIds != null) {
            System.arraycopy(typeIds, 0, batchTypeIds, offset, typeIds.length);
        }
        Arrays.fill(batchMask, offset, offset + ids.length, 1);
    }

    /** The first id that is not one of {@code 0 .. vocabularySize-1}; null if all are inside. */
    @Nullable
    Long idOutside(int vocabularySize) {
        for (long id : ids) {
            if (id < 0 || id >= vocabularySize) {
                return id;
            }
        }
        return null;
    }
}
