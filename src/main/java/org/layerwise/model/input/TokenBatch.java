package org.layerwise.model.input;

import org.jspecify.annotations.Nullable;

/**
 * Token ids of several examples, padded to one length, on the host; every array is {@code [size, length]} in row order.
 *
 * @param size number of examples
 * @param length tokens in each row, padding included
 * @param ids token ids; the padding id behind the end of a row
 * @param typeIds segment of each token (0 or 1; all 0 if the data has none)
 * @param mask 1 for a token; 0 for padding, and for a token that no other token may attend to
 * @param hidesTokens true if the mask hides tokens of rows as well, whose own hidden states may be read; false if it hides
 *     only padding
 * @param pixels one image per example, in the same order; null if there are none
 */
public record TokenBatch(
        int size,
        int length,
        long[] ids,
        long[] typeIds,
        long[] mask,
        boolean hidesTokens,
        @Nullable PixelBatch pixels) {

    public TokenBatch {
        long cells = (long) size * length;
        if (ids.length != cells || typeIds.length != cells || mask.length != cells) {
            throw new IllegalArgumentException("arrays of a batch of %s x %s must hold %s values, not %s, %s and %s"
                    .formatted(size, length, cells, ids.length, typeIds.length, mask.length));
        }
        if (pixels != null && pixels.images() != size) {
            throw new IllegalArgumentException(
                    "a batch of %s examples needs as many images, not %s".formatted(size, pixels.images()));
        }
    }

    /** Creates a batch whose mask hides only padding. */
    public TokenBatch(int size, int length, long[] ids, long[] typeIds, long[] mask, @Nullable PixelBatch pixels) {
        this(size, length, ids, typeIds, mask, false, pixels);
    }

    /** Creates a batch without images whose mask hides only padding. */
    public TokenBatch(int size, int length, long[] ids, long[] typeIds, long[] mask) {
        this(size, length, ids, typeIds, mask, null);
    }
}
