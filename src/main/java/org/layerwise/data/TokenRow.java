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
        return outside(ids, vocabularySize);
    }

    /**
     * The first type id that is not one of {@code 0 .. segments-1}; null if all are inside, or if the model has no segments
     * and never looks at them.
     */
    @Nullable
    Long typeIdOutside(int segments) {
        return typeIds == null || segments == 0 ? null : outside(typeIds, segments);
    }

    private static @Nullable Long outside(long[] values, int end) {
        for (long value : values) {
            if (value < 0 || value >= end) {
                return value;
            }
        }
        return null;
    }
}
