package org.layerwise.data;

import java.util.Arrays;
import org.layerwise.base.UserException;

/**
 * The token that stands for an image, and how many of them a model puts the patches of one image in the place of
 * (transformers' {@code LlavaProcessor}).
 *
 * @param tokenId {@code image_token_index} of the configuration
 * @param count patches that the language model sees of an image, at least 1
 */
public record ImageTokens(long tokenId, int count) {

    public ImageTokens {
        if (count < 1) {
            throw new IllegalArgumentException("an image needs at least one token");
        }
    }

    /** How many of a row's tokens are this one. */
    public int in(TokenRow row) {
        return (int) Arrays.stream(row.ids()).filter(id -> id == tokenId).count();
    }

    /**
     * A row with as many image tokens as an image has patches: its only one is repeated; a row that has all of them is left.
     *
     * @param place of the row, as messages name it: {@code row 5 of data.tsv}
     * @throws UserException if it has another number of them
     */
    public TokenRow expand(TokenRow row, String place) {
        int found = in(row);
        if (found == count) {
            return row;
        }
        if (found != 1) {
            throw new UserException(
                    "%s has %s (id %s) for its one image; write 1, or %s as many as the image has patches."
                            .formatted(Shown.sentence(place), Shown.count(found, "image token"), tokenId, count));
        }
        long[] types = row.typeIds();
        return new TokenRow(
                spread(row.ids(), row, tokenId), types == null ? null : spread(types, row, types[place(row)]));
    }

    /** The labels of a row's tokens after {@link #expand}: no loss is taken of the patches of an image. */
    public long[] expandLabels(long[] labels, TokenRow before) {
        return in(before) == count ? labels : spread(labels, before, Labels.IGNORED);
    }

    /**
     * The same row, which has no image and must not speak of one.
     *
     * @throws UserException if one does
     */
    TokenRow requireNone(TokenRow row, String place) {
        int found = in(row);
        if (found > 0) {
            throw new UserException("%s has %s (id %s) but no image; name the column of the images."
                    .formatted(Shown.sentence(place), Shown.count(found, "image token"), tokenId));
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
