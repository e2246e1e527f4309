package org.layerwise.data.token;

import java.util.Arrays;
import org.layerwise.base.UserException;
import org.layerwise.data.Excerpt;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;

/**
 * Token that stands for an image, and the number of tokens that replace it, one per patch of the image (transformers'
 * {@code LlavaProcessor}).
 *
 * @param tokenId {@code image_token_index} of the configuration
 * @param count number of patches of an image that the language model gets, at least 1
 */
public record ImageTokens(long tokenId, int count) {

    public ImageTokens {
        if (count < 1) {
            throw new IllegalArgumentException("an image needs at least one token");
        }
    }

    /** Returns the number of image tokens of a row. */
    public int in(TokenRow row) {
        return (int) Arrays.stream(row.ids()).filter(id -> id == tokenId).count();
    }

    /**
     * Returns a row with as many image tokens as an image has patches: a single image token is repeated; a row that has
     * all of them already is returned unchanged.
     *
     * @param place position of the row, as messages name it: {@code row 5 of data.tsv}
     * @throws UserException if the row has another number of image tokens
     */
    public TokenRow expand(TokenRow row, String place) {
        int found = in(row);
        if (found == count) {
            return row;
        }
        if (found != 1) {
            throw new UserException(
                    "%s has %s (id %s) for its one image; write 1, or %s as many as the image has patches."
                            .formatted(Excerpt.sentence(place), Excerpt.count(found, "image token"), tokenId, count));
        }
        long[] types = row.typeIds();
        return new TokenRow(
                spread(row.ids(), row, tokenId), types == null ? null : spread(types, row, types[place(row)]));
    }

    /** Returns the labels of a row's tokens after {@link #expand}: the patches of an image have no part in the loss. */
    public long[] expandLabels(long[] labels, TokenRow before) {
        return in(before) == count ? labels : spread(labels, before, Labels.IGNORED);
    }

    /**
     * Returns a row without an image unchanged, and makes sure that it has no image token.
     *
     * @throws UserException if the row has an image token
     */
    TokenRow requireNone(TokenRow row, String place) {
        int found = in(row);
        if (found > 0) {
            throw new UserException("%s has %s (id %s) but no image; name the column of the images."
                    .formatted(Excerpt.sentence(place), Excerpt.count(found, "image token"), tokenId));
        }
        return row;
    }

    private long[] spread(long[] values, TokenRow row, long filling) {
        int place = place(row);
        long[] spread = new long[values.length - 1 + count];
        System.arraycopy(values, 0, spread, 0, place);
        Arrays.fill(spread, place, place + count, filling);
        System.arraycopy(values, place + 1, spread, place + count, values.length - place - 1);
        return spread;
    }

    private int place(TokenRow row) {
        long[] ids = row.ids();
        int place = 0;
        while (ids[place] != tokenId) {
            place++;
        }
        return place;
    }
}
