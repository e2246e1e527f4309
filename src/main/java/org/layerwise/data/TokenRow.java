package org.layerwise.data;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of one example, special tokens included, without padding.
 *
 * @param ids token ids, at least one
 * @param typeIds segment of each token (HuggingFace's {@code token_type_ids}); null if all are 0
 * @param mask 0 for a token that no other token may attend to, as if it were padding; null if no token is masked
 */
public record TokenRow(long[] ids, long @Nullable [] typeIds, long @Nullable [] mask) {

    /** Name of the segments in data files and in messages. */
    public static final String TYPE_IDS = "token_type_ids";

    public TokenRow {
        if (ids.length == 0
                || (typeIds != null && typeIds.length != ids.length)
                || (mask != null && mask.length != ids.length)) {
            throw new IllegalArgumentException("a row needs tokens, and as many type ids and masks as tokens");
        }
        ids = ids.clone();
        typeIds = typeIds == null ? null : typeIds.clone();
        mask = mask == null ? null : mask.clone();
    }

    /** Creates a row without a mask. */
    public TokenRow(long[] ids, long @Nullable [] typeIds) {
        this(ids, typeIds, null);
    }

    /** Returns the number of tokens. */
    public int length() {
        return ids.length;
    }

    /** Returns the number of tokens that are not masked. */
    public int attended() {
        return mask == null
                ? ids.length
                : (int) Arrays.stream(mask).filter(value -> value == 1).count();
    }

    /** Returns a copy of the token ids. */
    @Override
    public long[] ids() {
        return ids.clone();
    }

    /** Returns a copy of the type ids; null if all are 0. */
    @Override
    public long @Nullable [] typeIds() {
        return typeIds == null ? null : typeIds.clone();
    }

    /** Returns a copy of the mask; null if no token is masked. */
    @Override
    public long @Nullable [] mask() {
        return mask == null ? null : mask.clone();
    }

    /** Returns these tokens without types. */
    public TokenRow withoutTypes() {
        return typeIds == null ? this : new TokenRow(ids, null, mask);
    }

    /** Returns these tokens with all tokens of an id masked; unchanged if this would mask all tokens. */
    public TokenRow masking(long id) {
        long[] seen = new long[ids.length];
        int left = 0;
        for (int i = 0; i < ids.length; i++) {
            boolean hidden = ids[i] == id || (mask != null && mask[i] == 0);
            seen[i] = hidden ? 0 : 1;
            left += hidden ? 0 : 1;
        }
        return left == 0 || left == ids.length ? this : new TokenRow(ids, typeIds, seen);
    }

    /**
     * Writes this row into the arrays of a batch, from {@code offset} on. The type ids and mask of the batch must be 0
     * before.
     */
    public void copyTo(long[] batchIds, long[] batchTypeIds, long[] batchMask, int offset) {
        System.arraycopy(ids, 0, batchIds, offset, ids.length);
        if (typeIds != null) {
            System.arraycopy(typeIds, 0, batchTypeIds, offset, typeIds.length);
        }
        if (mask == null) {
            Arrays.fill(batchMask, offset, offset + ids.length, 1);
        } else {
            System.arraycopy(mask, 0, batchMask, offset, mask.length);
        }
    }

    /** Returns the first id that is not one of {@code 0 .. vocabularySize-1}; null if there is none. */
    public @Nullable Long idOutside(int vocabularySize) {
        return outside(ids, vocabularySize);
    }

    /**
     * Returns the first type id that is not one of {@code 0 .. segments-1}; null if there is none, or if the model has
     * no segments and ignores type ids.
     */
    public @Nullable Long typeIdOutside(int segments) {
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
