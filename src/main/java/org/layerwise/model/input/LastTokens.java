package org.layerwise.model.input;

import java.util.OptionalLong;

/**
 * Finds the token of each row that a decoder's classification head reads: the rightmost whose id is not the padding id,
 * independent of the mask, as in HuggingFace's {@code GenericForSequenceClassification}; without a padding id, the last
 * token that the mask shows.
 */
final class LastTokens {

    private LastTokens() {}

    static long[] of(TokenBatch batch, OptionalLong padding) {
        long[] last = new long[batch.size()];
        for (int row = 0; row < last.length; row++) {
            for (int token = 0; token < batch.length(); token++) {
                int cell = row * batch.length() + token;
                boolean counts =
                        padding.isPresent() ? batch.ids()[cell] != padding.getAsLong() : batch.mask()[cell] == 1;
                if (counts) {
                    last[row] = token;
                }
            }
        }
        return last;
    }
}
